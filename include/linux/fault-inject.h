/* SPDX-License-Identifier: MIT */
/*
 * Failures on request: whether a call that could fail does (lib/
 * fault_inject.c). Each kind of call has a struct fault_attr.
 */
#ifndef _LINUX_FAULT_INJECT_H
#define _LINUX_FAULT_INJECT_H

#include <linux/atomic.h>
#include <linux/types.h>

/*
 * When one kind of call fails. s: set by an administrator, read without
 * a lock; a: atomic
 */
struct fault_attr {
	const char *name;	/* s: of the kind, for reports */
	unsigned int probability; /* s: of 100 calls; 0: none fails */
	unsigned int interval;	/* s: only every so many-th call may fail */
	atomic_t times;		/* a: failures left; -1: no limit */
	atomic_t space;		/* a: what calls may take before one fails */
	unsigned int verbose;	/* s: 0 says nothing, 1 a line, 2 a stack */
	atomic_t count;		/* a: calls that the interval counted */
	atomic_long_t failed;	/* a: calls that failed */
};

/* What a new attribute is, but for its name: it fails nothing. */
#define FAULT_ATTR_VALUES	.interval = 1, .verbose = 2, .times = { 1 }

/* should_fail_ex(): this failure is not to be reported. */
#define FAULT_NOWARN		0x1

/*
 * Sets interval, probability, space and times from
 * "<interval>,<probability>,<space>,<times>". NULL, or what is wrong with
 * @str as the end of a sentence ("is not ..."); nothing is set then.
 */
const char *fault_attr_parse(struct fault_attr *attr, const char *str);
/* The same with Linux's result: 1; 0 after a warning that names @str. */
int setup_fault_attr(struct fault_attr *attr, const char *str);
/*
 * Whether this call is to fail. @size: how much of `space` it takes. Any
 * context; draws from port_random() when the probability is not 0.
 */
bool should_fail(struct fault_attr *attr, ssize_t size);
bool should_fail_ex(struct fault_attr *attr, ssize_t size, int flags);
/*
 * The files that each kind has, by name: probability, interval, space, times,
 * verbose. 0; -ENOENT for another name; -EINVAL for a value that the file
 * cannot have. Any context.
 */
int fault_attr_read(const struct fault_attr *attr, const char *name,
		    long *value);
int fault_attr_write(struct fault_attr *attr, const char *name, long value);
/*
 * The @nth call from now on, of any kind, that the current thread makes fails;
 * 0: none does. Threads only.
 */
void fault_task_nth(unsigned int nth);

#endif
