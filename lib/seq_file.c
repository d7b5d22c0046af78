// SPDX-License-Identifier: MIT
/* Text on its way to a reader; see linux/seq_file.h. */
#include <linux/seq_file.h>

#include <linux/kernel.h>
#include <linux/string.h>

void seq_write(struct seq_file *m, const void *data, size_t n)
{
	if (!n)
		return;
	m->emit(m->ctx, data, n);
	m->count += n;
}

void seq_puts(struct seq_file *m, const char *s)
{
	seq_write(m, s, strlen(s));
}

void seq_putc(struct seq_file *m, char c)
{
	seq_write(m, &c, 1);
}

void seq_printf(struct seq_file *m, const char *fmt, ...)
{
	char text[SEQ_LINE_MAX + 1];
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	WARN(n > SEQ_LINE_MAX, "a line of %d characters was cut: %.40s...",
	     n, text);
	seq_write(m, text, (size_t)min(n, SEQ_LINE_MAX));
}
