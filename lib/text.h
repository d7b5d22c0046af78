/* SPDX-License-Identifier: MIT */
/*
 * A text that grows in a buffer of fixed size. What does not fit is counted
 * and dropped, so that the writer can tell how much room it needed.
 */
#ifndef _LIB_TEXT_H
#define _LIB_TEXT_H

#include <linux/types.h>

struct text {
	char *buf;		/* where it goes */
	size_t size;		/* bytes of buf; the last one kept for NUL */
	size_t len;		/* characters so far, those dropped too */
};

/* How one conversion wants its result: the parts of "%-08.3llx". */
struct text_spec {
	bool left;		/* '-' */
	bool plus;		/* '+' */
	bool space;		/* ' ' */
	bool prefix;		/* '#' */
	bool zero;		/* '0' */
	bool upper;		/* digits and prefix in capitals */
	u8 base;		/* 8, 10 or 16 */
	u8 length;		/* bytes of the argument; 0: an int */
	int width;		/* characters at least */
	int precision;		/* -1: none given */
};

static inline void text_putc(struct text *t, char c)
{
	if (t->len + 1 < t->size)
		t->buf[t->len] = c;
	t->len++;
}

/* @c, @n times. */
void text_fill(struct text *t, char c, size_t n);
/* The first @n characters of @s in a field as @spec says. */
void text_field(struct text *t, const struct text_spec *spec, const char *s,
		size_t n);
/* @n in a field as @spec says, after a minus when @negative. */
void text_number(struct text *t, const struct text_spec *spec, u64 n,
		 bool negative);
/* As text_number(), for a plain decimal. */
void text_decimal(struct text *t, u64 n);
/*
 * A pointer by its extension at @ext, which is what follows the 'p'. Returns
 * how many characters of it belong to the conversion.
 */
size_t text_pointer(struct text *t, struct text_spec *spec, const char *ext,
		    const void *ptr);

#endif
