/* SPDX-License-Identifier: MIT */
/*
 * The firmware's memory map. e820_table_* work on any table and log nothing
 * unless they say so; e820__* are Linux's calls on the current machine's.
 * Boot only, one CPU; none sleeps or allocates unless it says so. Addresses
 * and sizes in bytes, ends exclusive; a size that would pass 2^64 is cut
 * there.
 */
#ifndef _ASM_E820_API_H
#define _ASM_E820_API_H

#include <asm/e820/types.h>

struct boot_e820_entry;
struct boot_params;
struct seq_file;

/* The text of a type as the log shows it; may be formatted into @buf. */
#define E820_TYPE_NAME_MAX	32
const char *e820_type_name(enum e820_type type,
			   char buf[E820_TYPE_NAME_MAX]);
/* Is @type one that has a text of its own? Others are reserved. */
bool e820_type_known(enum e820_type type);
/* The type whose text is the first @n bytes at @s; 0 when there is none. */
enum e820_type e820_type_of_name(const char *s, size_t n);

/* 0, -EINVAL for no size, -ENOSPC when the table is full (nr_lost counts). */
int e820_table_add(struct e820_table *t, u64 start, u64 size,
		   enum e820_type type);
/*
 * What is of type @old in [start, start + size) becomes @new. Returns the
 * bytes changed. @old and @new differ.
 */
u64 e820_table_update(struct e820_table *t, u64 start, u64 size,
		      enum e820_type old, enum e820_type new);
/*
 * Removes [start, start + size) where it is of type @old, or of any type when
 * @check_type is false. Returns the bytes removed.
 */
u64 e820_table_remove(struct e820_table *t, u64 start, u64 size,
		      enum e820_type old, bool check_type);
/*
 * Sorts, resolves overlaps by the higher type, merges neighbours. Returns the
 * number of ranges that no longer fit (the highest; they are logged).
 */
u32 e820_table_sanitize(struct e820_table *t);
/* Logs every entry that overlaps another or stands out of order. */
void e820_table_report(const struct e820_table *t);
/* Logs every entry, "who: [mem 0x...-0x...] type". */
void e820_table_print(const struct e820_table *t, const char *who);
/* Some byte, every byte of [start, end) is of @type (0: of any type). */
bool e820_table_mapped_any(const struct e820_table *t, u64 start, u64 end,
			   enum e820_type type);
bool e820_table_mapped_all(const struct e820_table *t, u64 start, u64 end,
			   enum e820_type type);
/* End of the highest RAM below @limit, in page frames; 0 when none. */
u64 e820_table_end_pfn(const struct e820_table *t, u64 limit);
/* Bytes of @type. */
u64 e820_table_bytes(const struct e820_table *t, enum e820_type type);
/* Invariants of a sanitized table: NULL, or which one does not hold. */
const char *e820_table_check(const struct e820_table *t);

void e820__range_add(u64 start, u64 size, enum e820_type type);
u64 e820__range_update(u64 start, u64 size, enum e820_type old,
		       enum e820_type new);
u64 e820__range_remove(u64 start, u64 size, enum e820_type old,
		       bool check_type);
/* 0, or -1 when the table has fewer than two entries (Linux's return). */
int e820__update_table(struct e820_table *table);
void e820__print_table(const char *who);
bool e820__mapped_any(u64 start, u64 end, enum e820_type type);
bool e820__mapped_all(u64 start, u64 end, enum e820_type type);
/* The type of the entry that holds all of [start, end), or -EINVAL. */
int e820__get_entry_type(u64 start, u64 end);
/* Log "last_pfn = ..." and return the end of RAM, of RAM below 4 GiB. */
unsigned long e820__end_of_ram_pfn(void);
unsigned long e820__end_of_low_ram_pfn(void);

/*
 * From @bp to the working table: E820, else the larger of E801 and 88h.
 * Returns the label for the log. Bad entries are reported and left out.
 */
const char *e820__memory_setup_default(const struct boot_params *bp);
/* Adds the sound ones of @nr entries in the firmware's layout. */
void e820__append_entries(const struct boot_e820_entry *entries, u32 nr);
/* Follows setup_data at physical @chain: longer maps, and reserves it. */
void e820__reserve_setup_data(u64 chain);
/* Makes the chain unavailable to memblock. */
void e820__memblock_reserve_setup_data(u64 chain);
/*
 * The values of mem= and memmap=, as early options. 0, or -EBADMSG with a line
 * that says what is wrong; every other piece of memmap= has been done.
 */
int e820__parse_mem_opt(char *val);
int e820__parse_memmap_opt(char *val);
/* Sanitizes and prints what mem= and memmap= left. */
void e820__finish_early_params(void);
/* Page 0 is the firmware's; the ISA hole is never RAM. */
void e820__trim_bios_range(void);
/*
 * RAM becomes memblock.memory, whole pages only. RAM that this kernel cannot
 * address is reported and left out.
 */
void e820__memblock_setup(void);
/* The map becomes iomem_resource's children. Allocates from memblock. */
void e820__reserve_resources(void);
/*
 * A part of the kernel's image, [start, end) of physical addresses, under the
 * RAM it lies in once e820__reserve_resources() has run. @res is the caller's.
 */
struct resource;
void e820__insert_kernel(struct resource *res, const char *name, u64 start,
			 u64 end);

/* /proc/iomem */
int iomem_proc_show(struct seq_file *m);

/*
 * Maps as text. @report is told of each bad line (numbered from 1; @text is
 * not NUL-terminated); what is sound is added to @t, which is sanitized.
 * Both return the number of bad lines.
 */
typedef void (*e820_report_fn)(void *ctx, unsigned int line,
			       const char *text, size_t n,
			       const char *reason);
/*
 * dmesg ("BIOS-e820: [mem 0xA-0xB] usable", with whatever precedes it), or a
 * text of lines "0xA-0xB usable" and "[mem 0xA-0xB] usable" alone, where
 * blank lines and those that start with # do not count. B is inclusive.
 */
unsigned int e820_parse_dmesg(struct e820_table *t, const char *text,
			      size_t len, e820_report_fn report, void *ctx);
/*
 * Calls @fn for each line of a /proc/iomem that is a device's, and for those
 * that are indented below it, from [start, last] with the @n characters of
 * its name. What does not parse is left out: iomem_read() reports it.
 */
typedef void (*iomem_device_fn)(void *ctx, u64 start, u64 last,
				const char *name, size_t n);
void iomem_devices(const char *text, size_t len, iomem_device_fn fn,
		   void *ctx);
/* /proc/iomem: its outermost lines; devices among them do not count. */
unsigned int iomem_parse(struct e820_table *t, const char *text, size_t len,
			 e820_report_fn report, void *ctx);
/*
 * The same, with @t left as the text has it: for e820_table_report(), before
 * the caller sanitizes.
 */
unsigned int e820_read_dmesg(struct e820_table *t, const char *text, size_t len,
			     e820_report_fn report, void *ctx);
unsigned int iomem_read(struct e820_table *t, const char *text, size_t len,
			e820_report_fn report, void *ctx);

#endif
