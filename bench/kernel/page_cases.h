/* SPDX-License-Identifier: MIT */
/* The page allocator's cases: what each kernel's shell calls and prints. */
#ifndef _BENCH_PAGE_CASES_H
#define _BENCH_PAGE_CASES_H

#include <linux/types.h>

/*
 * What one operation of a case cost. Counts are of get_cycles(), in
 * hundredths.
 */
struct page_result {
	const char *name;	/* "order0" */
	unsigned long passes;	/* measured; 0: the case found no memory */
	unsigned long median;	/* of the passes */
	unsigned long low;	/* the least */
	unsigned long high;	/* the most */
};

/*
 * Measures every case, the empty loop first, and gives each result to
 * @report. @quick: few passes, to see that all of them work. 0, or -ENOMEM
 * when a case found no memory. Sleeps. All pages are free again at the end.
 */
int page_cases_run(bool quick, void (*report)(const struct page_result *result,
					      void *ctx), void *ctx);

#endif
