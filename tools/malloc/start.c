// SPDX-License-Identifier: MIT
/*
 * The first call, and fork().
 *
 * The first call may come from the dynamic linker, before any constructor: so
 * the library starts when it is first asked for memory, by whichever thread
 * that is. What may itself allocate (hooks) is set up after that, when malloc()
 * works already. The environment cannot be read as early; a constructor does,
 * which runs before the program's own.
 *
 *   NEW ── STARTING ── RUNNING          others wait while it starts
 *             └─────── FAILED           every request fails with ENOMEM
 *
 * fork(). Before it, the calling thread takes every lock there is, so that the
 * child finds all structures whole. What other threads keep for themselves is
 * theirs in the parent; in the child, where they do not exist, it stays unused.
 * The child has no helper; it is started when there is work for it.
 *
 * Lock order: giveback.busy -> CPUs -> commit -> huge blocks.
 */
#include "malloc.h"

#include <octavo/machine.h>

enum { NEW, STARTING, RUNNING, FAILED };

static u32 state;	/* a: one of these */

/* What the computer can hold: larger blocks than LARGE_MAX lie elsewhere. */
static u64 arena_size(void)
{
	u64 limit = os_address_limit();
	u64 size = max(os_memory(), 1ULL << 30);

	/* Half of what the process may map is left to others. */
	return min(size, limit / 2);
}

static bool start(void)
{
	if (malloc_machine_start(arena_size(), os_nr_cpus()))
		return false;
	return !front_start();
}

static void before_fork(void)
{
	os_lock(&giveback.busy);
	malloc_core_stop();
	huge_stop();
}

static void after_fork(bool child)
{
	huge_go();
	malloc_core_go();
	os_unlock(&giveback.busy);
	if (child)
		giveback_forked();
}

/* The first thread starts it; others come back when it is done. */
static noinline bool start_once(void)
{
	u32 was = NEW;

	if (__atomic_compare_exchange_n(&state, &was, STARTING, false,
					__ATOMIC_ACQUIRE, __ATOMIC_ACQUIRE)) {
		bool ok = start();

		__atomic_store_n(&state, ok ? RUNNING : FAILED,
				 __ATOMIC_RELEASE);
		if (!ok)
			say("no address space for a heap: every request fails");
		else if (!os_hooks(front_thread_exit, before_fork, after_fork))
			say("the system has no key for the ends of threads: what they keep is lost");
		return ok;
	}
	while (__atomic_load_n(&state, __ATOMIC_ACQUIRE) == STARTING)
		os_yield();
	return __atomic_load_n(&state, __ATOMIC_RELAXED) == RUNNING;
}

bool malloc_start(void)
{
	if (likely(__atomic_load_n(&state, __ATOMIC_ACQUIRE) == RUNNING))
		return true;
	return start_once();
}

static __attribute__((__constructor__(101))) void library_loaded(void)
{
	malloc_start();
	options_read();
}
