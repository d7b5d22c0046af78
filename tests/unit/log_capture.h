/* SPDX-License-Identifier: MIT */
/* What a test logs, kept off the console and read back. */
#ifndef _TESTS_LOG_CAPTURE_H
#define _TESTS_LOG_CAPTURE_H

#include <linux/kernel.h>
#include <linux/string.h>

#include <octavo/log.h>
#include <octavo/machine.h>

struct log_capture {
	int level;		/* the console's, to be put back */
	unsigned long start;	/* bytes logged before */
	unsigned long seen;	/* bytes read back so far, in reading */
	size_t len;		/* of text */
	char text[4096];	/* what was logged since, its NUL too */
};

/* Nothing reaches the console until log_capture_end(). */
static inline void log_capture_start(struct log_capture *c)
{
	c->level = console_loglevel_get();
	console_loglevel_set(0);
	/* A line that is open would be closed by what comes. */
	pr_info("test\n");
	c->start = this_machine()->log.head;
}

static inline void log_capture_line(void *ctx, const char *s, size_t n)
{
	struct log_capture *c = ctx;

	c->seen += n;
	if (c->seen <= c->start)
		return;
	n = min(n, sizeof(c->text) - 1 - c->len);
	memcpy(c->text + c->len, s, n);
	c->len += n;
}

static inline void log_capture_end(struct log_capture *c)
{
	console_loglevel_set(c->level);
	c->len = 0;
	c->seen = this_machine()->log.tail;
	log_for_each(log_capture_line, c);
	c->text[c->len] = '\0';
}

static inline bool log_captured(const struct log_capture *c, const char *what)
{
	return strstr(c->text, what) != NULL;
}

#endif
