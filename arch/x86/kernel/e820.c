// SPDX-License-Identifier: MIT
/*
 * The current machine's memory map, from what firmware said to memblock.
 *
 *	boot_params (E820 | E801 | 88h) --+
 *	dmesg, /proc/iomem, options ------+-> fw.e820 --> memblock.memory
 *	                                        ^    \--> iomem_resource
 *	      setup_data, mem=, memmap= --------+
 *
 * Two tables: fw.e820 is worked on, fw.e820_firmware stays as it was when the
 * firmware had spoken. What a table can do stands in e820_table.c; here are
 * Linux's calls with Linux's lines in the log.
 *
 * Failure: an entry that makes no sense is reported with its number and left
 * out; the others are used. Whether any RAM is left is x86_setup_memory()'s to
 * say.
 *
 * Differs from Linux: there one bad entry discards the whole E820 map and
 * E801 is used, which loses all RAM above 4 GiB.
 */
#include <asm/e820/api.h>

#include <linux/errno.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/memblock.h>
#include <linux/string.h>
#include <octavo/this_machine.h>
#include <asm/page.h>
#include <uapi/asm/bootparam.h>

static_assert(E820_MAX_ENTRIES_BOOT == E820_MAX_ENTRIES_ZEROPAGE,
	      "the table holds what boot_params hold");

/* Page frames that struct page links reach. */
#define MAX_ARCH_PFN	(1ULL << (MAX_PHYSMEM_BITS - PAGE_SHIFT))

/* RAM below the BIOS's own data, and where RAM goes on. */
#define LOWMEM_SIZE	0x9f000

void e820__range_add(u64 start, u64 size, enum e820_type type)
{
	char name[E820_TYPE_NAME_MAX];

	switch (e820_table_add(&this_fw()->e820, start, size, type)) {
	case -ENOSPC:
		pr_err("e820: too many entries; ignoring [mem 0x%016llx-0x%016llx] %s\n",
		       start, start + size - 1, e820_type_name(type, name));
		break;
	case -EINVAL:
		pr_err("e820: [mem 0x%016llx] %s has no size: ignored\n",
		       start, e820_type_name(type, name));
		break;
	}
}

static void e820_log_change(const char *what, u64 start, u64 size,
			    enum e820_type old, enum e820_type new)
{
	char name[E820_TYPE_NAME_MAX], new_name[E820_TYPE_NAME_MAX];
	u64 last = size - 1 > U64_MAX - start ? U64_MAX : start + size - 1;

	pr_info("e820: %s [mem 0x%08llx-0x%08llx]%s%s%s%s\n", what, start,
		last, old ? " " : "", old ? e820_type_name(old, name) : "",
		new ? " ==> " : "", new ? e820_type_name(new, new_name) : "");
}

u64 e820__range_update(u64 start, u64 size, enum e820_type old,
			      enum e820_type new)
{
	e820_log_change("update", start, size, old, new);
	return e820_table_update(&this_fw()->e820, start, size, old, new);
}

u64 e820__range_remove(u64 start, u64 size, enum e820_type old,
			      bool check_type)
{
	e820_log_change("remove", start, size, check_type ? old : 0, 0);
	return e820_table_remove(&this_fw()->e820, start, size, old,
				 check_type);
}

int e820__update_table(struct e820_table *table)
{
	if (table->nr_entries < 2)
		return -1;
	e820_table_sanitize(table);
	return 0;
}

void e820__print_table(const char *who)
{
	e820_table_print(&this_fw()->e820, who);
}

bool e820__mapped_any(u64 start, u64 end, enum e820_type type)
{
	return e820_table_mapped_any(&this_fw()->e820, start, end, type);
}

bool e820__mapped_all(u64 start, u64 end, enum e820_type type)
{
	return e820_table_mapped_all(&this_fw()->e820, start, end, type);
}

int e820__get_entry_type(u64 start, u64 end)
{
	const struct e820_table *t = &this_fw()->e820;
	const struct e820_entry *e;

	for (e = t->entries; e < t->entries + t->nr_entries; e++)
		if (start >= e->addr && start < end &&
		    end - 1 <= e->addr + e->size - 1)
			return (int)e->type;
	return -EINVAL;
}

static unsigned long e820_end_pfn(u64 limit_pfn)
{
	u64 last_pfn = e820_table_end_pfn(&this_fw()->e820,
					  limit_pfn << PAGE_SHIFT);

	pr_info("last_pfn = %#llx max_arch_pfn = %#llx\n", last_pfn,
		MAX_ARCH_PFN);
	return (unsigned long)last_pfn;
}

unsigned long e820__end_of_ram_pfn(void)
{
	return e820_end_pfn(MAX_ARCH_PFN);
}

unsigned long e820__end_of_low_ram_pfn(void)
{
	return e820_end_pfn(1ULL << (32 - PAGE_SHIFT));
}

/* One entry of the firmware's; reported and left out when it is not sound. */
static void e820_append_entry(struct e820_table *t, u32 i,
				     const struct boot_e820_entry *e)
{
	const char *reason = NULL;

	if (!e->size)
		reason = "has no size";
	else if (e->size - 1 > U64_MAX - e->addr)
		reason = "passes the end of the address space";
	else if (!e->type)
		reason = "has type 0, which is none";
	if (reason) {
		pr_warn("e820: entry %u [addr 0x%016llx size 0x%016llx type %u] %s: ignored\n",
			i, e->addr, e->size, e->type, reason);
		return;
	}
	if (!e820_type_known((enum e820_type)e->type))
		pr_warn("e820: entry %u [mem 0x%016llx-0x%016llx] has unknown type %u: reserved\n",
			i, e->addr, e->addr + e->size - 1, e->type);
	if (e820_table_add(t, e->addr, e->size, (enum e820_type)e->type))
		pr_err("e820: too many entries; ignoring entry %u [mem 0x%016llx-0x%016llx] type %u\n",
		       i, e->addr, e->addr + e->size - 1, e->type);
}

void e820__append_entries(const struct boot_e820_entry *entries, u32 nr)
{
	u32 i;

	for (i = 0; i < nr; i++)
		e820_append_entry(&this_fw()->e820, i, &entries[i]);
}

/* E801 and 88h give one size above 1 MiB: take what gives more RAM. */
static const char *e820_setup_sizes(struct e820_table *t,
					   const struct boot_params *bp)
{
	u64 kib = bp->alt_mem_k;
	const char *who = "BIOS-e801";

	if (kib < bp->screen_info.ext_mem_k) {
		kib = bp->screen_info.ext_mem_k;
		who = "BIOS-88";
	}
	e820_table_add(t, 0, LOWMEM_SIZE, E820_TYPE_RAM);
	e820_table_add(t, ISA_END_ADDRESS, kib << 10, E820_TYPE_RAM);
	return who;
}

const char *e820__memory_setup_default(const struct boot_params *bp)
{
	struct e820_table *t = &this_fw()->e820;
	const char *who = "BIOS-e820";

	t->nr_entries = 0;
	e820__append_entries(bp->e820_table, min_t(u32, bp->e820_entries,
						   E820_MAX_ENTRIES_BOOT));
	e820_table_report(t);
	if (!t->nr_entries)
		who = e820_setup_sizes(t, bp);
	e820_table_sanitize(t);
	return who;
}

void e820__finish_early_params(void)
{
	struct x86_firmware *fw = this_fw();

	if (!fw->e820_options.userdef)
		return;
	e820_table_sanitize(&fw->e820);
	pr_info("user-defined physical RAM map:\n");
	e820__print_table("user");
}

void e820__trim_bios_range(void)
{
	e820__range_update(0, PAGE_SIZE, E820_TYPE_RAM, E820_TYPE_RESERVED);
	e820__range_remove(ISA_START_ADDRESS,
			   ISA_END_ADDRESS - ISA_START_ADDRESS, E820_TYPE_RAM,
			   true);
	e820_table_sanitize(&this_fw()->e820);
}

/* The part of @e below the last page frame that can be addressed. */
static u64 __init e820_addressable(const struct e820_entry *e)
{
	u64 limit = MAX_ARCH_PFN << PAGE_SHIFT;

	if (e->addr < limit && e->size <= limit - e->addr)
		return e->size;
	pr_warn("e820: [mem 0x%016llx-0x%016llx] is RAM above 0x%016llx, which this kernel cannot address: left out\n",
		max(e->addr, limit), e->addr + e->size - 1, limit);
	return e->addr < limit ? limit - e->addr : 0;
}

void __init e820__memblock_setup(void)
{
	const struct e820_table *t = &this_fw()->e820;
	const struct e820_entry *e;
	u64 size;

	memblock_allow_resize();
	for (e = t->entries; e < t->entries + t->nr_entries; e++) {
		if (e->type == E820_TYPE_SOFT_RESERVED)
			memblock_reserve(e->addr, e->size);
		if (e->type != E820_TYPE_RAM &&
		    e->type != E820_TYPE_RESERVED_KERN)
			continue;
		size = e820_addressable(e);
		if (size && memblock_add(e->addr, size))
			panic("e820: no room to note [mem 0x%016llx-0x%016llx]",
			      e->addr, e->addr + size - 1);
	}
	memblock_trim_memory(PAGE_SIZE);
	memblock_dump_all();
}
