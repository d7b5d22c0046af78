// SPDX-License-Identifier: MIT
/*
 * What PVH and multiboot loaders leave in memory, as boot_params.
 *
 * `ram` is a small machine: structures are laid into it as a loader would, and
 * nothing outside of it may be read, which the address sanitizer sees to on
 * the host.
 */
#include <kunit/test.h>
#include <linux/string.h>
#include <asm/boot_params.h>

#define RAM_SIZE	16384
#define AT_INFO		0x100
#define AT_MODULES	0x200
#define AT_MAP		0x400
#define AT_CMDLINE	0x300

/* One test's memory and result; cases do not run at the same time. */
struct boot_params_ctx {
	struct boot_params bp;
	u8 ram[RAM_SIZE];
};

static struct boot_params_ctx ctx;

static int boot_params_test_init(struct kunit *test)
{
	memset(&ctx, 0, sizeof(ctx));
	test->priv = &ctx;
	return 0;
}

static struct hvm_start_info *pvh_info(void)
{
	struct hvm_start_info *info = (void *)(ctx.ram + AT_INFO);

	info->magic = HVM_START_MAGIC;
	info->version = 1;
	info->cmdline_paddr = AT_CMDLINE;
	info->rsdp_paddr = 0xf59b0;
	info->memmap_paddr = AT_MAP;
	return info;
}

static void pvh_ranges(u32 count)
{
	struct hvm_memmap_table_entry *map = (void *)(ctx.ram + AT_MAP);
	u32 i;

	for (i = 0; i < count; i++) {
		map[i].addr = (u64)i << 32;
		map[i].size = 0x1000 + i;
		map[i].type = 1 + i % 3;
	}
	pvh_info()->memmap_entries = count;
}

static const char *pvh(u64 at)
{
	struct boot_memory ram = boot_buffer(ctx.ram, RAM_SIZE);

	return boot_params_from_pvh(&ctx.bp, &ram, at);
}

static void test_pvh(struct kunit *test)
{
	struct hvm_modlist_entry *module = (void *)(ctx.ram + AT_MODULES);
	struct hvm_start_info *info = pvh_info();

	pvh_ranges(3);
	info->nr_modules = 1;
	info->modlist_paddr = AT_MODULES;
	module->paddr = 0x123456000;
	module->size = 0x100000400;
	KUNIT_EXPECT_NULL(test, pvh(AT_INFO));
	KUNIT_EXPECT_EQ(test, ctx.bp.e820_entries, 3);
	KUNIT_EXPECT_EQ(test, ctx.bp.e820_table[2].addr, 2ULL << 32);
	KUNIT_EXPECT_EQ(test, ctx.bp.e820_table[2].size, 0x1002);
	KUNIT_EXPECT_EQ(test, ctx.bp.e820_table[2].type, 3);
	KUNIT_EXPECT_EQ(test, ctx.bp.hdr.cmd_line_ptr, AT_CMDLINE);
	KUNIT_EXPECT_EQ(test, ctx.bp.acpi_rsdp_addr, 0xf59b0);
	KUNIT_EXPECT_EQ(test, ctx.bp.hdr.ramdisk_image, 0x23456000u);
	KUNIT_EXPECT_EQ(test, ctx.bp.ext_ramdisk_image, 1);
	KUNIT_EXPECT_EQ(test, ctx.bp.hdr.ramdisk_size, 0x400);
	KUNIT_EXPECT_EQ(test, ctx.bp.ext_ramdisk_size, 1);
	KUNIT_EXPECT_EQ(test, ctx.bp.hdr.type_of_loader, 0xff);
}

static void test_pvh_overflow(struct kunit *test)
{
	pvh_ranges(130);
	KUNIT_EXPECT_NULL(test, pvh(AT_INFO));
	KUNIT_EXPECT_EQ(test, ctx.bp.e820_entries, 128);
	KUNIT_EXPECT_EQ(test, ctx.bp.scratch, 2);
	KUNIT_EXPECT_EQ(test, ctx.bp.e820_table[127].addr, 127ULL << 32);
	KUNIT_EXPECT_NULL(test, memchr_inv(ctx.bp._pad8, 0,
					   sizeof(ctx.bp._pad8)));
}

static void test_pvh_bad(struct kunit *test)
{
	struct hvm_start_info *info = pvh_info();

	pvh_ranges(2);
	KUNIT_EXPECT_STREQ(test, pvh(RAM_SIZE - 8),
			   "PVH: start info lies outside of memory");
	KUNIT_EXPECT_STREQ(test, pvh(-8ULL),
			   "PVH: start info lies outside of memory");
	KUNIT_EXPECT_STREQ(test, pvh(AT_INFO + 8),
			   "PVH: start info has no magic number");
	info->nr_modules = 1;
	info->modlist_paddr = RAM_SIZE - 31;
	KUNIT_EXPECT_STREQ(test, pvh(AT_INFO),
			   "PVH: module list lies outside of memory");
	info->nr_modules = 0;
	info->memmap_entries = 0xffffffff;
	memset(&ctx.bp, 0, sizeof(ctx.bp));
	KUNIT_EXPECT_STREQ(test, pvh(AT_INFO),
			   "PVH: memory map reaches outside of memory");
	KUNIT_EXPECT_EQ(test, ctx.bp.e820_entries, 128);
	info->version = 0;
	memset(&ctx.bp, 0, sizeof(ctx.bp));
	KUNIT_EXPECT_STREQ(test, pvh(AT_INFO),
			   "PVH: start info is version 0, without a memory map");
	KUNIT_EXPECT_EQ(test, ctx.bp.e820_entries, 0);
}

static struct multiboot_info *multiboot_info(void)
{
	struct multiboot_info *info = (void *)(ctx.ram + AT_INFO);

	info->flags = MULTIBOOT_INFO_MEMORY | MULTIBOOT_INFO_CMDLINE |
		      MULTIBOOT_INFO_MODS | MULTIBOOT_INFO_MMAP;
	info->mem_upper = 64512;
	info->cmdline = AT_CMDLINE;
	info->mods_addr = AT_MODULES;
	info->mmap_addr = AT_MAP;
	return info;
}

/* Lay one entry of `size` + 4 bytes; returns where the next one goes. */
static u32 multiboot_range(u32 at, u32 size, u64 addr, u64 len, u32 type)
{
	struct multiboot_mmap range = {
		.size = size, .addr = addr, .len = len, .type = type,
	};

	memcpy(ctx.ram + at, &range, sizeof(range));
	return at + size + 4;
}

static const char *multiboot(u64 at)
{
	struct boot_memory ram = boot_buffer(ctx.ram, RAM_SIZE);

	return boot_params_from_multiboot(&ctx.bp, &ram, at);
}

static void test_multiboot(struct kunit *test)
{
	struct multiboot_module *module = (void *)(ctx.ram + AT_MODULES);
	struct multiboot_info *info = multiboot_info();
	u32 at = AT_MAP;

	/* Entries of different size: the size field leads to the next. */
	at = multiboot_range(at, 20, 0, 0x9fc00, 1);
	at = multiboot_range(at, 28, 0x9fc00, 0x400, 2);
	at = multiboot_range(at, 20, 0x100000000, 0x40000000, 1);
	info->mmap_length = at - AT_MAP;
	info->mods_count = 2;
	module->start = 0x11c000;
	module->end = 0x11d388;
	KUNIT_EXPECT_NULL(test, multiboot(AT_INFO));
	KUNIT_EXPECT_EQ(test, ctx.bp.e820_entries, 3);
	KUNIT_EXPECT_EQ(test, ctx.bp.e820_table[1].addr, 0x9fc00);
	KUNIT_EXPECT_EQ(test, ctx.bp.e820_table[1].type, 2);
	KUNIT_EXPECT_EQ(test, ctx.bp.e820_table[2].addr, 0x100000000ULL);
	KUNIT_EXPECT_EQ(test, ctx.bp.e820_table[2].size, 0x40000000);
	KUNIT_EXPECT_EQ(test, ctx.bp.alt_mem_k, 64512);
	KUNIT_EXPECT_EQ(test, ctx.bp.hdr.cmd_line_ptr, AT_CMDLINE);
	KUNIT_EXPECT_EQ(test, ctx.bp.hdr.ramdisk_image, 0x11c000);
	KUNIT_EXPECT_EQ(test, ctx.bp.hdr.ramdisk_size, 0x1388);
}

static void test_multiboot_flags(struct kunit *test)
{
	struct multiboot_info *info = multiboot_info();

	multiboot_range(AT_MAP, 20, 0, 0x9fc00, 1);
	info->mmap_length = 24;
	info->mods_count = 1;
	info->flags = MULTIBOOT_INFO_MEMORY;
	KUNIT_EXPECT_NULL(test, multiboot(AT_INFO));
	KUNIT_EXPECT_EQ(test, ctx.bp.e820_entries, 0);
	KUNIT_EXPECT_EQ(test, ctx.bp.alt_mem_k, 64512);
	KUNIT_EXPECT_EQ(test, ctx.bp.hdr.cmd_line_ptr, 0);
	KUNIT_EXPECT_EQ(test, ctx.bp.hdr.ramdisk_image, 0);
}

static void test_multiboot_bad(struct kunit *test)
{
	struct multiboot_module *module = (void *)(ctx.ram + AT_MODULES);
	struct multiboot_info *info = multiboot_info();

	KUNIT_EXPECT_STREQ(test, multiboot(RAM_SIZE - 51),
			   "multiboot: information lies outside of memory");
	/* A size of 0 must not keep the walk in place. */
	multiboot_range(AT_MAP, 0, 0, 0x9fc00, 1);
	info->mmap_length = 4096;
	KUNIT_EXPECT_STREQ(test, multiboot(AT_INFO),
			   "multiboot: memory map entry is too short");
	/* A size that would wrap a 32-bit position ends the map instead. */
	multiboot_range(AT_MAP, 0xffffffff, 0, 0x9fc00, 1);
	info->mmap_length = 0xffffffff;
	memset(&ctx.bp, 0, sizeof(ctx.bp));
	KUNIT_EXPECT_NULL(test, multiboot(AT_INFO));
	KUNIT_EXPECT_EQ(test, ctx.bp.e820_entries, 1);
	multiboot_range(AT_MAP, RAM_SIZE, 0, 0x9fc00, 1);
	memset(&ctx.bp, 0, sizeof(ctx.bp));
	KUNIT_EXPECT_STREQ(test, multiboot(AT_INFO),
			   "multiboot: memory map reaches outside of memory");
	KUNIT_EXPECT_EQ(test, ctx.bp.e820_entries, 1);
	info->mods_count = 1;
	module->start = 2;
	module->end = 1;
	KUNIT_EXPECT_STREQ(test, multiboot(AT_INFO),
			   "multiboot: module 0 ends before it starts");
	info->mods_addr = 0xfffffff0;
	KUNIT_EXPECT_STREQ(test, multiboot(AT_INFO),
			   "multiboot: module list lies outside of memory");
}

static void test_sanitize(struct kunit *test)
{
	struct boot_params *bp = &ctx.bp;

	memset(bp, 0xa5, sizeof(*bp));
	bp->sentinel = 0;
	KUNIT_EXPECT_FALSE(test, boot_params_sanitize(bp));
	KUNIT_EXPECT_EQ(test, bp->acpi_rsdp_addr, 0xa5a5a5a5a5a5a5a5ULL);

	bp->sentinel = 0xff;
	KUNIT_EXPECT_TRUE(test, boot_params_sanitize(bp));
	KUNIT_EXPECT_EQ(test, bp->sentinel, 0);
	KUNIT_EXPECT_EQ(test, bp->acpi_rsdp_addr, 0);
	KUNIT_EXPECT_EQ(test, bp->ext_ramdisk_image, 0);
	KUNIT_EXPECT_EQ(test, bp->ext_cmd_line_ptr, 0);
	KUNIT_EXPECT_EQ(test, bp->scratch, 0);
	KUNIT_EXPECT_EQ(test, bp->edd_mbr_sig_buffer[0x3f], 0);
	KUNIT_EXPECT_EQ(test, bp->_pad9[275], 0);
	KUNIT_EXPECT_EQ(test, bp->alt_mem_k, 0xa5a5a5a5u);
	KUNIT_EXPECT_EQ(test, bp->e820_entries, 0xa5);
	KUNIT_EXPECT_EQ(test, bp->screen_info.ext_mem_k, 0xa5a5);
	KUNIT_EXPECT_EQ(test, bp->hdr.cmd_line_ptr, 0xa5a5a5a5u);
	KUNIT_EXPECT_EQ(test, bp->hdr.kernel_info_offset, 0xa5a5a5a5u);
	KUNIT_EXPECT_EQ(test, bp->e820_table[127].type, 0xa5a5a5a5u);
}

static struct kunit_case boot_params_cases[] = {
	KUNIT_CASE(test_pvh),
	KUNIT_CASE(test_pvh_overflow),
	KUNIT_CASE(test_pvh_bad),
	KUNIT_CASE(test_multiboot),
	KUNIT_CASE(test_multiboot_flags),
	KUNIT_CASE(test_multiboot_bad),
	KUNIT_CASE(test_sanitize),
	{}
};

static struct kunit_suite boot_params_suite = {
	.name = "boot_params",
	.init = boot_params_test_init,
	.test_cases = boot_params_cases,
};
kunit_test_suite(boot_params_suite);
