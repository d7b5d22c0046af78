/* SPDX-License-Identifier: MIT */
/*
 * Threads and places to sleep, from the C library and Linux.
 *
 * A place to sleep is a word of the caller's: host_futex_wait() compares and
 * sleeps as one step, so a change of the word that is followed by
 * host_futex_wake() is never missed. Order comes from the caller's atomics on
 * the word, which sanitizers see.
 */
#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <linux/membarrier.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "host_os.h"

#define NSEC_PER_SEC	1000000000ULL
/*
 * The core's frames are small, and a machine may have a thread for each of
 * 512 CPUs; sanitizers multiply a frame by up to eight.
 */
#define THREAD_STACK_SIZE	(512UL << 10)

/* Handed to the new thread, which frees it. */
struct thread_start {
	void (*fn)(void *arg);
	void *arg;
};

static void *thread_main(void *data)
{
	struct thread_start start = *(struct thread_start *)data;

	free(data);
	start.fn(start.arg);
	return NULL;
}

static int thread_spawn(pthread_t *thread, struct thread_start *start)
{
	pthread_attr_t attr;
	sigset_t all, old;
	int err;

	err = pthread_attr_init(&attr);
	if (err)
		return -err;
	pthread_attr_setstacksize(&attr, THREAD_STACK_SIZE);
	sigfillset(&all);
	/* A fault of the thread's own ends the process if it cannot come. */
	sigdelset(&all, SIGSEGV);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	err = pthread_create(thread, &attr, thread_main, start);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	pthread_attr_destroy(&attr);
	return -err;
}

int host_thread_create(unsigned long *id, void (*fn)(void *arg), void *arg)
{
	struct thread_start *start = malloc(sizeof(*start));
	pthread_t thread;
	int err;

	_Static_assert(sizeof(pthread_t) == sizeof(*id),
		       "a thread's name fits a word");
	if (!start)
		return -ENOMEM;
	start->fn = fn;
	start->arg = arg;
	err = thread_spawn(&thread, start);
	if (err)
		free(start);
	else
		*id = (unsigned long)thread;
	return err;
}

unsigned long host_thread_self(void)
{
	return (unsigned long)pthread_self();
}

bool host_thread_stack(unsigned long id, uintptr_t *low, uintptr_t *high)
{
	pthread_attr_t attr;
	size_t size;
	void *at;
	bool known;

	if (pthread_getattr_np((pthread_t)id, &attr))
		return false;
	known = !pthread_attr_getstack(&attr, &at, &size);
	pthread_attr_destroy(&attr);
	*low = (uintptr_t)at;
	*high = (uintptr_t)at + size;
	return known;
}

bool host_peek(void *to, const void *from, size_t n)
{
	struct iovec here = { to, n }, there = { (void *)(uintptr_t)from, n };

	return process_vm_readv(getpid(), &here, 1, &there, 1, 0) ==
	       (ssize_t)n;
}

void host_thread_join(unsigned long id)
{
	pthread_join((pthread_t)id, NULL);
}

void host_futex_wait(uint32_t *word, uint32_t value, uint64_t ns)
{
	struct timespec ts = {
		.tv_sec = (time_t)(ns / NSEC_PER_SEC),
		.tv_nsec = (long)(ns % NSEC_PER_SEC),
	};

	syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, value,
		ns == HOST_FOREVER ? NULL : &ts, NULL, 0);
}

void host_futex_wake(uint32_t *word, int nr)
{
	syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, nr, NULL, NULL, 0);
}

/*
 * Where the kernel has no barrier for us: taking a right from a page that
 * threads may have in their TLBs makes it interrupt each CPU that runs one.
 */
static void barrier_by_shootdown(void)
{
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	static char *page;
	long size = sysconf(_SC_PAGESIZE);

	pthread_mutex_lock(&lock);
	if (!page) {
		page = mmap(NULL, (size_t)size, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (page == MAP_FAILED)
			abort();
	}
	mprotect(page, (size_t)size, PROT_READ | PROT_WRITE);
	__atomic_fetch_add(page, 1, __ATOMIC_SEQ_CST);
	mprotect(page, (size_t)size, PROT_READ);
	pthread_mutex_unlock(&lock);
}

static long membarrier(int command)
{
	return syscall(SYS_membarrier, command, 0, 0);
}

void host_barrier(void)
{
	if (!membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED))
		return;
	/* The first time the process has to say that it wants them. */
	if (membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED) ||
	    membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED))
		barrier_by_shootdown();
}

void host_yield(void)
{
	sched_yield();
}
