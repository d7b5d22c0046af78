// SPDX-License-Identifier: MIT
/*
 * Names for the addresses of a stack trace.
 *
 * The table is made from the linked kernel by tools/build/kallsyms.py and
 * linked into section .kallsyms: text symbols only, ascending.
 *
 *	offsets[i]  address of symbol i - _text; ascending, no two equal
 *	name_at[i]  where its name starts in names
 *
 * A symbol reaches up to the next one, the last one to the end of init text.
 */
#include <linux/kallsyms.h>

#include <linux/types.h>

extern const u32 kallsyms_count;
extern const u32 kallsyms_offsets[];
extern const u32 kallsyms_name_at[];
extern const char kallsyms_names[];

/* From the linker script; the text that has names lies between these. */
extern const char _text[], _einittext[];

/* Last symbol at or below `offset`; the first one lies at 0 (_text). */
static u32 kallsyms_find(unsigned long offset)
{
	u32 low = 0, high = kallsyms_count;

	while (high - low > 1) {
		u32 middle = low + (high - low) / 2;

		if (kallsyms_offsets[middle] <= offset)
			low = middle;
		else
			high = middle;
	}
	return low;
}

const char *kallsyms_lookup(unsigned long addr, unsigned long *offset,
			    unsigned long *size)
{
	unsigned long base = (unsigned long)_text;
	unsigned long image = (unsigned long)_einittext - base;
	unsigned long end;
	u32 i;

	if (addr < base || addr - base >= image || !kallsyms_count ||
	    addr - base < kallsyms_offsets[0])
		return NULL;
	i = kallsyms_find(addr - base);
	end = i + 1 < kallsyms_count ? kallsyms_offsets[i + 1] : image;
	if (offset)
		*offset = addr - base - kallsyms_offsets[i];
	if (size)
		*size = end - kallsyms_offsets[i];
	return kallsyms_names + kallsyms_name_at[i];
}
