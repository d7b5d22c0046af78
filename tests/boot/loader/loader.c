// SPDX-License-Identifier: MIT
/*
 * A loader of the Linux boot protocol that does what kexec does and no BIOS
 * loader would: it puts the payload of a bzImage at any address, above 4 GiB
 * too, and enters it in 32 or in 64-bit mode.
 *
 * QEMU starts it by PVH with the bzImage as its only module. Its command line
 * starts with the word that says what to do; the whole line is the kernel's:
 *
 *	enter=32@4000000      32-bit entry, payload at 64 MiB
 *	enter=64@140000000    64-bit entry, payload at 5 GiB
 *
 * Behind the payload's memory lie boot_params and the command line:
 *
 *	target                  payload
 *	target + init_size      boot_params
 *	  + 0x1000              command line
 */
#include <linux/types.h>
#include <asm/boot_params.h>

#define SECTOR		512
#define HEADER_AT	0x1f1
#define PAGE		0x1000u
#define MAPPED_GIB	8	/* what enter_64()'s tables reach */
#define ENTRY_64	0x200

/* One copy that enter_64() makes; the list ends with length 0. */
struct move {
	u64 to, from, length;
};

void loader_main(u32 start_info);
void __attribute__((noreturn)) enter_32(u32 entry, u32 params);
void __attribute__((noreturn)) enter_64(const struct move *moves, u64 entry,
					u64 params);

u64 early_pml4[512] __attribute__((aligned(4096)));
static u64 pdpt[512] __attribute__((aligned(4096)));
static u64 pd[MAPPED_GIB][512] __attribute__((aligned(4096)));
static struct boot_params params;

void *memcpy(void *to, const void *from, size_t n)
{
	char *at = to;
	const char *source = from;

	while (n--)
		*at++ = *source++;
	return to;
}

void *memset(void *to, int byte, size_t n)
{
	char *at = to;

	while (n--)
		*at++ = (char)byte;
	return to;
}

static void __attribute__((noreturn)) fail(const char *why)
{
	for (; *why; why++)
		asm volatile("outb %0, %1"
			     : : "a"(*why), "d"((u16)0x3f8));
	for (;;)
		asm volatile("cli; hlt");
}

static u64 parse_hex(const char *s)
{
	u64 value = 0;

	for (;; s++) {
		if (*s >= '0' && *s <= '9')
			value = value << 4 | (u64)(*s - '0');
		else if (*s >= 'a' && *s <= 'f')
			value = value << 4 | (u64)(*s - 'a' + 10);
		else
			return value;
	}
}

static void build_tables(void)
{
	u32 i, j;

	early_pml4[0] = (u32)pdpt | 3;
	for (i = 0; i < MAPPED_GIB; i++) {
		pdpt[i] = (u32)pd[i] | 3;
		for (j = 0; j < 512; j++)
			pd[i][j] = (u64)i << 30 | j << 21 | 0x83;
	}
}

static u32 line_length(const char *line)
{
	u32 n = 0;

	while (line[n])
		n++;
	return n + 1;
}

/* The kernel's own header over what PVH told of the machine. */
static const u8 *payload_find(const u8 *image, u32 *length)
{
	u32 setup = ((u32)image[HEADER_AT] + 1) * SECTOR;
	u32 header_end = 0x202 + image[0x201];

	memcpy(&params.hdr, image + HEADER_AT, header_end - HEADER_AT);
	if (params.hdr.header != 0x53726448)
		fail("loader: the module is no bzImage\n");
	*length = params.hdr.syssize * 16;
	params.hdr.type_of_loader = 0xff;
	params.hdr.ramdisk_image = params.hdr.ramdisk_size = 0;
	return image + setup;
}

void loader_main(u32 start_info)
{
	const struct boot_memory memory = boot_buffer(NULL, 1ULL << 32);
	const u8 *image, *payload;
	const char *line, *error;
	struct move moves[4], *move;
	u64 target, params_at, line_at;
	u32 length;

	error = boot_params_from_pvh(&params, &memory, start_info);
	if (error)
		fail(error);
	image = (const u8 *)params.hdr.ramdisk_image;
	line = (const char *)params.hdr.cmd_line_ptr;
	payload = payload_find(image, &length);
	target = parse_hex(line + sizeof("enter=64@") - 1);
	params_at = target + params.hdr.init_size;
	line_at = params_at + PAGE;
	params.hdr.code32_start = (u32)target;
	params.hdr.cmd_line_ptr = (u32)line_at;
	params.ext_cmd_line_ptr = (u32)(line_at >> 32);

	moves[0] = (struct move){ target, (u32)payload, length };
	moves[1] = (struct move){ params_at, (u32)&params, sizeof(params) };
	moves[2] = (struct move){ line_at, (u32)line, line_length(line) };
	moves[3].length = 0;
	if (line[6] == '6') {
		build_tables();
		enter_64(moves, target + ENTRY_64, params_at);
	}
	for (move = moves; move->length; move++)
		memcpy((void *)(u32)move->to, (void *)(u32)move->from,
		       (size_t)move->length);
	enter_32((u32)target, (u32)params_at);
}
