/* SPDX-License-Identifier: MIT */
/* The tour's checks and its picture of a machine's free memory. */
#ifndef INIT_TOUR_H
#define INIT_TOUR_H

#include <linux/kernel.h>
#include <linux/mmzone.h>

/* A running step: what it found wrong so far. */
struct tour {
	const char *step;	/* its name, for the log */
	unsigned int checks;	/* made */
	unsigned int failed;	/* of them */
};

/* Notes a check; logs one line when @ok is false. Returns @ok. */
bool tour_check(struct tour *t, bool ok, const char *what, int line);
#define TOUR_CHECK(t, c)	tour_check(t, c, #c, __LINE__)

/* init/tour_pages.c: two of the steps. */
void tour_wrong_frees(struct tour *t);
void tour_reserves(struct tour *t);

#endif
