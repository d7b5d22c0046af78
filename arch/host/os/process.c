/* SPDX-License-Identifier: MIT */
/* Time, chance, output and the end of a process, for arch/host. */
#include <dlfcn.h>
#include <execinfo.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "host_os.h"

#define BACKTRACE_MAX	32	/* frames: deeper than any path of the core */
#define FRAME_MAX	256	/* bytes of one frame's text */

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

void host_abort(void)
{
	abort();
}

/*
 * One frame's place: "symbol+0x12" when the symbol is exported, else
 * "file+0x3456", which addr2line understands.
 */
static void frame_text(char *buf, void *pc)
{
	Dl_info info;
	const char *name;

	if (!dladdr(pc, &info) || !info.dli_fname) {
		snprintf(buf, FRAME_MAX, "%p", pc);
		return;
	}
	if (info.dli_sname) {
		snprintf(buf, FRAME_MAX, "%s+%#tx", info.dli_sname,
			 (char *)pc - (char *)info.dli_saddr);
		return;
	}
	name = strrchr(info.dli_fname, '/');
	snprintf(buf, FRAME_MAX, "%s+%#tx", name ? name + 1 : info.dli_fname,
		 (char *)pc - (char *)info.dli_fbase);
}

void host_backtrace(void (*emit)(const char *frame))
{
	void *pcs[BACKTRACE_MAX];
	char buf[FRAME_MAX];
	int n = backtrace(pcs, BACKTRACE_MAX);

	for (int i = 1; i < n; i++) {
		frame_text(buf, pcs[i]);
		emit(buf);
	}
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
