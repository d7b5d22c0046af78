// SPDX-License-Identifier: MIT
/*
 * Names for the addresses of a stack trace.
 *
 * The table is made from the linked kernel by tools/build/kallsyms.py and
 * linked into section .kallsyms. It holds text symbols only:
 *
 *	offsets[i]  address of symbol i - _text
 *	name_at[i]  where its name starts in names
 *
 *	_text ......... _etext      __init_begin ......... _einittext
 *	| s0 | s1 | s2 |   (data)   | s3 | s4 |
 *
 * A symbol reaches up to the next one or to the end of its text.
 *
 * I1  offsets ascend, no two are equal
 * I2  names follow each other without gaps, none is empty
 * I3  every symbol lies in one of the two texts
 */
#include <linux/kallsyms.h>

#include <linux/string.h>
#include <linux/types.h>

extern const u32 kallsyms_count;
extern const u32 kallsyms_offsets[];
extern const u32 kallsyms_name_at[];
extern const char kallsyms_names[];

/* From the linker script. */
extern const char _text[], _etext[], __init_begin[], _einittext[];

/* End of the text that holds @addr, as an offset from _text; 0: in none. */
static unsigned long text_end(unsigned long addr)
{
	if (addr >= (unsigned long)_text && addr < (unsigned long)_etext)
		return (unsigned long)_etext - (unsigned long)_text;
	if (addr >= (unsigned long)__init_begin &&
	    addr < (unsigned long)_einittext)
		return (unsigned long)_einittext - (unsigned long)_text;
	return 0;
}

/* Last symbol at or below @offset, or kallsyms_count if all lie above. */
static u32 symbol_find(unsigned long offset)
{
	u32 low = 0, high = kallsyms_count;

	/* Symbols below low are at or below offset, from high on above it. */
	while (low < high) {
		u32 middle = low + (high - low) / 2;

		if (kallsyms_offsets[middle] <= offset)
			low = middle + 1;
		else
			high = middle;
	}
	return low ? low - 1 : kallsyms_count;
}

const char *kallsyms_lookup(unsigned long addr, unsigned long *offset,
			    unsigned long *size)
{
	unsigned long end = text_end(addr);
	unsigned long at = addr - (unsigned long)_text;
	unsigned long next;
	u32 i;

	if (!end)
		return NULL;
	i = symbol_find(at);
	if (i == kallsyms_count)
		return NULL;
	next = i + 1 < kallsyms_count ? kallsyms_offsets[i + 1] : end;
	if (offset)
		*offset = at - kallsyms_offsets[i];
	if (size)
		*size = (next < end ? next : end) - kallsyms_offsets[i];
	return kallsyms_names + kallsyms_name_at[i];
}

void kallsyms_for_each(void (*fn)(void *ctx, const char *name,
				  unsigned long addr), void *ctx)
{
	u32 i;

	for (i = 0; i < kallsyms_count; i++)
		fn(ctx, kallsyms_names + kallsyms_name_at[i],
		   (unsigned long)_text + kallsyms_offsets[i]);
}

const char *kallsyms_check(void)
{
	u32 i, name_at = 0;

	if (!kallsyms_count)
		return "the table is empty";
	for (i = 0; i < kallsyms_count; i++) {
		if (i && kallsyms_offsets[i] <= kallsyms_offsets[i - 1])
			return "I1: offsets do not ascend";
		if (kallsyms_name_at[i] != name_at)
			return "I2: a name does not follow the one before";
		if (!kallsyms_names[name_at])
			return "I2: a name is empty";
		name_at += strlen(kallsyms_names + name_at) + 1;
		if (!text_end((unsigned long)_text + kallsyms_offsets[i]))
			return "I3: a symbol lies outside of the text";
	}
	return NULL;
}
