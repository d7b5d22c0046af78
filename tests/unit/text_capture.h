/* SPDX-License-Identifier: MIT */
/* What a seq_file is given, kept for a test to read. One at a time. */
#ifndef _TESTS_TEXT_CAPTURE_H
#define _TESTS_TEXT_CAPTURE_H

#include <linux/kernel.h>
#include <linux/seq_file.h>
#include <linux/string.h>

struct text_capture {
	struct seq_file m;
	size_t len;		/* characters of text */
	unsigned int pieces;	/* calls of emit */
	bool cut;		/* text did not hold all */
	char text[1 << 17];	/* zoneinfo of 8 nodes and 64 CPUs fits */
};

static inline void text_capture_emit(void *ctx, const char *s, size_t n)
{
	struct text_capture *c = ctx;

	c->pieces++;
	if (n > sizeof(c->text) - 1 - c->len) {
		n = sizeof(c->text) - 1 - c->len;
		c->cut = true;
	}
	memcpy(c->text + c->len, s, n);
	c->len += n;
	c->text[c->len] = '\0';
}

/* The one of this file, empty; too large for a stack. */
static inline struct text_capture *text_capture_start(void)
{
	static struct text_capture capture;
	struct text_capture *c = &capture;

	c->len = 0;
	c->pieces = 0;
	c->cut = false;
	c->text[0] = '\0';
	c->m = (struct seq_file){ .emit = text_capture_emit, .ctx = c };
	return c;
}

#endif
