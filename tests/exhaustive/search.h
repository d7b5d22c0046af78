/* SPDX-License-Identifier: MIT */
/*
 * Breadth-first search through the states of real code: the bytes of some
 * regions of memory, taken and put back.
 */
#ifndef OCTAVO_TESTS_SEARCH_H
#define OCTAVO_TESTS_SEARCH_H

#include <linux/types.h>

struct search;

/*
 * A search that remembers up to @max_states states in @bytes bytes. NULL when
 * there is no memory.
 */
struct search *search_create(unsigned int max_states, size_t bytes);
void search_destroy(struct search *s);

/*
 * Makes [@at, @at + @size), multiples of 8, part of the state, as @name. No
 * more of it once search_start() was called.
 */
void search_region(struct search *s, const char *name, void *at, size_t size);
/* Puts these bytes back with the rest, but does not tell states by them. */
void search_ignore(struct search *s, const void *at, size_t size);

/* What memory holds now is the first state, 0, and the current one. */
void search_start(struct search *s);
/* The next state nobody has looked at becomes the current one, in memory. */
bool search_next(struct search *s);
/* The current state in memory again. */
void search_restore(struct search *s);
/*
 * What differs from the current state: the region's name, and how many bytes
 * into it in *@offset. NULL: nothing does.
 */
const char *search_changed(struct search *s, size_t *offset);
/*
 * What memory holds follows from the current state by @op. 1: a new state,
 * 0: a known one, -1: no room for it.
 */
int search_add(struct search *s, unsigned int op);
/* Makes the state that search_add() said last the current one, in memory. */
void search_enter(struct search *s);

/*
 * The operations that lead from state 0 to the current one go to @ops, of
 * which there are @max; how many. Longer paths lose their end.
 */
unsigned int search_path(const struct search *s, unsigned int *ops,
			 unsigned int max);

struct search_figures {
	unsigned int states;	/* known */
	unsigned int explored;	/* of which search_next() gave out so many */
	unsigned int depth;	/* operations from state 0 to the current one */
	unsigned int varying;	/* bytes that are not the same in all states */
	size_t state_bytes;	/* compared and put back for each */
};

void search_figures(const struct search *s, struct search_figures *f);
/* Where bytes vary: names and offsets of words, for who has too many states. */
void search_varying(const struct search *s,
		    void (*emit)(const char *name, size_t offset));

#endif
