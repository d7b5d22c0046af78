/* SPDX-License-Identifier: MIT */
/*
 * Who allocated each page and who freed it last; kept with page_owner=on
 * alone (mm/page/page_owner.c).
 */
#ifndef _LINUX_PAGE_OWNER_H
#define _LINUX_PAGE_OWNER_H

#include <linux/stackdepot.h>
#include <linux/types.h>

#define PAGE_OWNER_COMM	16	/* TASK_COMM_LEN */

/*
 * What is known of one page. Written by who allocates or frees it, who has it
 * to himself then; read at any time by reports, which may see a page change
 * hands.
 */
struct page_owner {
	u64 ts_nsec;		/* port_clock_ns() of the allocation */
	u64 free_ts_nsec;	/* of the last free; 0: none yet */
	depot_stack_handle_t handle;	  /* who allocated */
	depot_stack_handle_t free_handle; /* who freed last */
	gfp_t gfp_mask;		/* of the request */
	int pid;		/* of the thread that allocated */
	int free_pid;		/* of the one that freed */
	u8 order;		/* of the block; each page of it has this */
	bool allocated;		/* now */
	bool known;		/* was ever allocated since start-up */
	char comm[PAGE_OWNER_COMM]; /* of the thread that allocated */
};

struct page;
struct seq_file;

/* Whether records are kept; constant after start-up. */
bool page_owner_enabled(void);
/* The record of a frame; NULL when none is kept for it. Any context. */
const struct page_owner *page_owner_of(unsigned long pfn);
/*
 * One record for each allocated block, in the order of frames, in Linux's
 * format. 0; -ENODATA without page_owner=on. May sleep.
 */
int page_owner_show(struct seq_file *m);
/*
 * Each stack that has pages now and how many, most first, in Linux's format
 * of page_owner_stacks/show_stacks. Results as above.
 */
int page_owner_stacks_show(struct seq_file *m);
/* NULL, or which invariant of the records does not hold (page_owner.c). */
const char *page_owner_check(void);

#endif
