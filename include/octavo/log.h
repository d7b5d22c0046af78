/* SPDX-License-Identifier: MIT */
#ifndef _OCTAVO_LOG_H
#define _OCTAVO_LOG_H

#include <linux/spinlock_types.h>
#include <linux/types.h>

#define LOG_BUF_SHIFT	16	/* 64 KiB: a boot of 512 CPUs fits */
#define LOG_BUF_LEN	(1UL << LOG_BUF_SHIFT)

struct machine;

/*
 * A machine's log: a ring of text, oldest bytes overwritten. See
 * kernel/printk.c. All zero is an empty log.
 */
struct log {
	spinlock_t lock;	/* of all below but owner; irq-safe */
	int owner;		/* a: CPU + 1 that holds the lock; 0: none */
	unsigned long head;	/* bytes ever written; place is head % LEN */
	unsigned long tail;	/* first byte of the oldest whole line */
	unsigned long lost;	/* lines overwritten */
	bool console_set;	/* console_loglevel has been set */
	int console_loglevel;	/* lines below it go to the console */
	bool line_open;		/* the last line lacks its newline */
	int line_level;		/* level of the open line */
	char buf[LOG_BUF_LEN];
};

/*
 * Lines of the current machine below @level go to the console from now on: 0
 * for none, 8 for all. Without a call it is CONSOLE_LOGLEVEL_DEFAULT.
 */
void console_loglevel_set(int level);
int console_loglevel_get(void);

/* Checks the ring's invariants (I1 to I4 of kernel/printk.c). */
void log_check(struct log *log);

#endif
