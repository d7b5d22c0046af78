/* SPDX-License-Identifier: MIT */
/* Time, chance, output and the end of a process, for arch/host. */
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "host_os.h"

static uint64_t clock_ns(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

uint64_t host_monotonic_ns(void)
{
	return clock_ns(CLOCK_MONOTONIC);
}

uint64_t host_thread_cpu_ns(void)
{
	return clock_ns(CLOCK_THREAD_CPUTIME_ID);
}

uint64_t host_entropy(void)
{
	uint64_t x;

	/* Up to 256 bytes come whole once the system has booted. */
	if (getrandom(&x, sizeof(x), 0) != (ssize_t)sizeof(x))
		x = clock_ns(CLOCK_MONOTONIC);
	return x;
}

void host_write_stderr(const char *s, size_t n)
{
	while (n) {
		ssize_t done = write(STDERR_FILENO, s, n);

		if (done <= 0)
			return; /* nobody to tell */
		s += done;
		n -= (size_t)done;
	}
}

const char *host_getenv(const char *name)
{
	return getenv(name);
}

void host_abort(void)
{
	abort();
}

/*
 * A catch is a jump buffer on the stack of host_catch(), and the thread knows
 * the innermost one. libc's own longjmp is used since the sanitizers know it.
 */
struct catch {
	jmp_buf env;
	struct catch *outer;
	int code;
};

static __thread struct catch *innermost;

int host_catch(void (*fn)(void *arg), void *arg)
{
	struct catch c = { .outer = innermost };

	innermost = &c;
	if (!setjmp(c.env))
		fn(arg);
	innermost = c.outer;
	return c.code;
}

bool host_can_throw(void)
{
	return innermost != NULL;
}

void host_throw(int code)
{
	if (!innermost)
		abort();
	innermost->code = code;
	longjmp(innermost->env, 1);
}
