// SPDX-License-Identifier: MIT
/*
 * Heap sort. The array is a tree in which the children of i are 2i+1 and
 * 2i+2. First every element is sunk, from the last parent to the root, so
 * that no child is above its parent; then the root, the largest, changes
 * places with the last, the heap shrinks by one and the new root is sunk.
 */
#include <linux/sort.h>

struct sorting {
	u8 *base;		/* first element */
	size_t size;		/* bytes of one */
	cmp_func_t cmp;		/* the order asked for */
	swap_func_t swap;	/* exchanges two; NULL: byte by byte */
};

static void *element(const struct sorting *s, size_t i)
{
	return s->base + i * s->size;
}

static void exchange(const struct sorting *s, size_t i, size_t j)
{
	u8 *a = element(s, i), *b = element(s, j);
	size_t k;

	if (s->swap) {
		s->swap(a, b, (int)s->size);
		return;
	}
	for (k = 0; k < s->size; k++) {
		u8 t = a[k];

		a[k] = b[k];
		b[k] = t;
	}
}

/* Moves element @i down until no child of it, below @num, is above it. */
static void sink(const struct sorting *s, size_t i, size_t num)
{
	size_t child;

	while ((child = 2 * i + 1) < num) {
		if (child + 1 < num &&
		    s->cmp(element(s, child), element(s, child + 1)) < 0)
			child++;
		if (s->cmp(element(s, i), element(s, child)) >= 0)
			return;
		exchange(s, i, child);
		i = child;
	}
}

void sort(void *base, size_t num, size_t size, cmp_func_t cmp,
	  swap_func_t swap_func)
{
	const struct sorting s = { base, size, cmp, swap_func };
	size_t i;

	for (i = num / 2; i--;)
		sink(&s, i, num);
	for (i = num; i-- > 1;) {
		exchange(&s, 0, i);
		sink(&s, 0, i);
	}
}
