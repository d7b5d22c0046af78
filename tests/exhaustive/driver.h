/* SPDX-License-Identifier: MIT */
/* What the programs share that run an exhaustive search: options and TAP. */
#ifndef OCTAVO_TESTS_EXHAUSTIVE_DRIVER_H
#define OCTAVO_TESTS_EXHAUSTIVE_DRIVER_H

/* @line behind a "# ", at once. */
void search_line(const char *line);

/* getopt_long()'s argument of --@name, @lo to @hi; else the program ends. */
unsigned int search_number(const char *name, unsigned int lo, unsigned int hi);

/* What a search found out that every one does. */
struct search_end {
	int bad;			/* something is wrong, and was told */
	int complete;			/* all states were looked at */
	unsigned int max_states;	/* that there was room for */
	unsigned int varying;		/* bytes that differ; 0: not counted */
	unsigned int depth;		/* calls of the longest way */
	unsigned long long refused;	/* requests */
};

/* TAP's head; the clock starts. */
void search_begin(void);
/* Lines about @end, and how its point starts: "ok 1 exhaustive" or not. */
const char *search_point(struct search_end *end);

#endif
