// SPDX-License-Identifier: MIT
/*
 * What a pointer points at, by the letters behind %p (linux/sprintf.h).
 *
 * Differs from Linux: a plain %p shows the address. Linux hashes it, because
 * its log may be read by those who must not learn addresses; here the
 * address is what the reader wants.
 */
#include "text.h"

#include <linux/bitmap.h>
#include <linux/ctype.h>
#include <linux/err.h>
#include <linux/errname.h>
#include <linux/kallsyms.h>
#include <linux/kernel.h>
#include <linux/range.h>
#include <linux/string.h>

static void put_hex(struct text *t, u64 n, int digits, bool prefix)
{
	const struct text_spec spec = {
		.base = 16, .prefix = prefix, .zero = true,
		.width = digits + (prefix ? 2 : 0), .precision = -1,
	};

	text_number(t, &spec, n, false);
}

static void put_str(struct text *t, const char *s)
{
	while (*s)
		text_putc(t, *s++);
}

/*
 * "name+0x12/0x340", or the name alone; the address when nobody knows. @back
 * is 1 for a return address: the call before it may be the function's last
 * instruction, and what follows another function.
 */
static void put_symbol(struct text *t, unsigned long addr, bool with_offset,
		       unsigned int back)
{
	unsigned long offset = 0, size = 0;
	const char *name = kallsyms_lookup(addr - back, &offset, &size);

	if (!name) {
		put_hex(t, addr, 1, true);
		return;
	}
	put_str(t, name);
	if (!with_offset)
		return;
	text_putc(t, '+');
	put_hex(t, offset + back, 1, true);
	text_putc(t, '/');
	put_hex(t, size, 1, true);
}

/* Groups of 32 bits, the highest first: "f,00000001". */
static void put_bitmap(struct text *t, const unsigned long *map, int nbits)
{
	int first = ALIGN_DOWN(nbits - 1, 32), bits = nbits - first, at;

	for (at = first; at >= 0; at -= 32, bits = 32) {
		u64 group = (u32)(map[BIT_WORD(at)] >> (at % BITS_PER_LONG));

		put_hex(t, group & ((1ULL << bits) - 1), DIV_ROUND_UP(bits, 4),
			false);
		if (at)
			text_putc(t, ',');
	}
}

/* "0-3,8". */
static void put_bitmap_list(struct text *t, const unsigned long *map,
			    unsigned long nbits)
{
	unsigned long first, end;
	bool more = false;

	for (first = find_next_bit(map, nbits, 0); first < nbits;
	     first = find_next_bit(map, nbits, end)) {
		end = find_next_zero_bit(map, nbits, first);
		if (more)
			text_putc(t, ',');
		more = true;
		text_decimal(t, first);
		if (end - first > 1) {
			text_putc(t, '-');
			text_decimal(t, end - 1);
		}
	}
}

static void put_range(struct text *t, const struct range *r)
{
	put_str(t, "[mem ");
	put_hex(t, r->start, 8, true);
	text_putc(t, '-');
	put_hex(t, r->end, 8, true);
	text_putc(t, ']');
}

static void put_address(struct text *t, struct text_spec *spec,
			const void *ptr)
{
	spec->base = 16;
	if (!spec->width) {
		spec->width = 2 * sizeof(ptr);
		spec->zero = true;
	}
	text_number(t, spec, (unsigned long)ptr, false);
}

/* Bytes in hex, with @between them unless that is NUL. */
static void put_bytes(struct text *t, const u8 *p, int n, char between)
{
	int i;

	for (i = 0; i < n; i++) {
		if (i && between)
			text_putc(t, between);
		put_hex(t, p[i], 2, false);
	}
}

/* An error's name; another pointer as an address. */
static void put_error(struct text *t, struct text_spec *spec, const void *ptr)
{
	const char *name = IS_ERR(ptr) ? errname((int)PTR_ERR(ptr)) : NULL;

	if (name)
		text_field(t, spec, name, strlen(name));
	else if (IS_ERR(ptr))
		text_number(t, &(struct text_spec){ .base = 10,
						    .precision = -1 },
			    (u64)-PTR_ERR(ptr), true);
	else
		put_address(t, spec, ptr);
}

size_t text_pointer(struct text *t, struct text_spec *spec, const char *ext,
		    const void *ptr)
{
	switch (ext[0]) {
	case 'S':
		put_symbol(t, (unsigned long)ptr, true, 0);
		return 1;
	case 'B':
		put_symbol(t, (unsigned long)ptr, true, 1);
		return 1;
	case 's':
		put_symbol(t, (unsigned long)ptr, false, 0);
		return 1;
	case 'a':
		put_hex(t, *(const phys_addr_t *)ptr, 16, true);
		return ext[1] == 'p' || ext[1] == 'd' ? 2 : 1;
	case 'R':
		put_range(t, ptr);
		return 1;
	case 'b':
		if (ext[1] == 'l') {
			put_bitmap_list(t, ptr, (unsigned long)spec->width);
			return 2;
		}
		if (spec->width)
			put_bitmap(t, ptr, spec->width);
		return 1;
	case 'x':
	case 'K':
		put_address(t, spec, ptr);
		return 1;
	case 'e':
		put_error(t, spec, ptr);
		return 1;
	case 'h':
		put_bytes(t, ptr, spec->width ? spec->width : 1,
			  ext[1] == 'C' ? ':' : ext[1] == 'D' ? '-' :
			  ext[1] == 'N' ? '\0' : ' ');
		return ext[1] == 'C' || ext[1] == 'D' || ext[1] == 'N' ? 2 : 1;
	}
	put_address(t, spec, ptr);
	return 0;
}
