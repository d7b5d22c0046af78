/* SPDX-License-Identifier: MIT */
/*
 * malloc_limit.h. Classes are four to a doubling, found by a table; a thread's
 * stack of a class is an array of 4096 pointers, exchanged whole with a shared list
 * under a lock when it is empty or full. New blocks are cut from mappings, a
 * thousand at a time. Nothing is checked and nothing is ever given back.
 */
#include "malloc_limit.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

#define NR_CLASSES	36
#define STACK		4096U
#define LARGEST		8192U
#define CUT		1000U

struct stack {
	struct stack *next;
	unsigned int n;
	void *p[STACK];
};

static __thread struct stack *mine[NR_CLASSES];
static struct stack *full[NR_CLASSES], *empty;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static uint8_t class_of[LARGEST / 8 + 1];
static unsigned int class_size[NR_CLASSES];

static void __attribute__((constructor)) classes_make(void)
{
	unsigned int size, class = 0, step = 8;

	for (size = 8; size <= LARGEST; size += step, class++) {
		if (size > 64 && (size & (size - 1)) == 0)
			step = size / 4;
		else if (size == 64)
			step = 16;
		class_size[class] = size;
	}
	for (size = LARGEST / 8; size > 0; size--)
		class_of[size] = 0;
	class = 0;
	for (size = 1; size <= LARGEST / 8; size++) {
		if (size * 8 > class_size[class])
			class++;
		class_of[size] = (uint8_t)class;
	}
}

static void *map(size_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		abort();
	return p;
}

static struct stack *pop(struct stack **list)
{
	struct stack *s;

	pthread_mutex_lock(&lock);
	s = *list;
	if (s)
		*list = s->next;
	pthread_mutex_unlock(&lock);
	return s;
}

static void push(struct stack **list, struct stack *s)
{
	pthread_mutex_lock(&lock);
	s->next = *list;
	*list = s;
	pthread_mutex_unlock(&lock);
}

static __attribute__((noinline)) void *refill(unsigned int class)
{
	struct stack *s = pop(&full[class]);
	char *p;

	if (s) {
		if (mine[class])
			push(&empty, mine[class]);
		mine[class] = s;
		return s->p[--s->n];
	}
	if (!mine[class])
		mine[class] = map(sizeof(*s));
	s = mine[class];
	p = map((size_t)CUT * class_size[class]);
	for (s->n = 0; s->n < CUT; s->n++)
		s->p[s->n] = p + (size_t)(CUT - 1 - s->n) * class_size[class];
	return s->p[--s->n];
}

static __attribute__((noinline)) void give(unsigned int class, void *p)
{
	struct stack *s = pop(&empty);

	if (mine[class])
		push(&full[class], mine[class]);
	mine[class] = s ? s : map(sizeof(*s));
	mine[class]->n = 0;
	mine[class]->p[mine[class]->n++] = p;
}

void *limit_alloc(size_t size)
{
	unsigned int class = class_of[(size + 7) / 8];
	struct stack *s = mine[class];

	return s && s->n ? s->p[--s->n] : refill(class);
}

void limit_free(void *p, size_t size)
{
	unsigned int class = class_of[(size + 7) / 8];
	struct stack *s = mine[class];

	if (s && s->n < STACK)
		s->p[s->n++] = p;
	else
		give(class, p);
}
