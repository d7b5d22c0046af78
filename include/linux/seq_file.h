/* SPDX-License-Identifier: MIT */
/*
 * Text on its way to a reader. What is written goes straight to @emit, so
 * that a file as long as the machine has nodes needs no buffer.
 */
#ifndef _LINUX_SEQ_FILE_H
#define _LINUX_SEQ_FILE_H

#include <linux/compiler.h>
#include <linux/types.h>

struct seq_file {
	void (*emit)(void *ctx, const char *s, size_t n);
	void *ctx;		/* emit's */
	size_t count;		/* bytes written so far */
};

/* At most SEQ_LINE_MAX characters at once; more is a bug of the caller. */
#define SEQ_LINE_MAX	512
void __printf(2, 3) seq_printf(struct seq_file *m, const char *fmt, ...);
/* Of any length. */
void seq_puts(struct seq_file *m, const char *s);
void seq_putc(struct seq_file *m, char c);
void seq_write(struct seq_file *m, const void *data, size_t n);

#endif
