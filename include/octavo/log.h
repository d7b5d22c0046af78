/* SPDX-License-Identifier: MIT */
#ifndef _OCTAVO_LOG_H
#define _OCTAVO_LOG_H

#include <linux/spinlock_types.h>
#include <linux/types.h>

#define LOG_BUF_SHIFT	16	/* 64 KiB: a boot of 512 CPUs fits */
#define LOG_BUF_LEN	(1UL << LOG_BUF_SHIFT)

/*
 * A machine's log: a ring of text, oldest bytes overwritten. See
 * kernel/printk.c.
 */
struct log {
	spinlock_t lock;	/* of all below; irq-safe */
	unsigned long head;	/* bytes ever written; place is head % LEN */
	unsigned long tail;	/* first byte of the oldest whole line */
	unsigned long lost;	/* lines overwritten */
	int console_loglevel;	/* lines below it go to the console */
	bool line_open;		/* the last line lacks its newline */
	int line_level;		/* level of the open line */
	char buf[LOG_BUF_LEN];
};

#endif
