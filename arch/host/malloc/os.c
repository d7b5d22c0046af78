/* SPDX-License-Identifier: MIT */
/*
 * The system below malloc(), from Linux and the C library. Only what allocates
 * nothing is called, but for os_thread_start(), os_hooks() and os_at_exit():
 * those are made without a lock, when malloc() works.
 *
 * A lock is a word: 0 free, 1 taken, 2 taken and somebody sleeps (Drepper,
 * "Futexes are tricky", mutex 2).
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/futex.h>
#include <linux/membarrier.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <time.h>
#include <unistd.h>

#include "os.h"

/* Turns in which a lock's holder may be about to be done. */
#define LOCK_TURNS	100
#define HELPER_STACK	(64UL << 10)
#define PAGE_BYTES	4096U
/* Programs that close or count descriptors seldom come to these. */
#define KEPT_FD		200

/* ---- memory ---------------------------------------------------------- */

static void *map(void *at, size_t size, int rights, int flags)
{
	int saved = errno;
	void *p = mmap(at, size, rights,
		       MAP_PRIVATE | MAP_ANONYMOUS | flags, -1, 0);

	errno = saved;
	return p == MAP_FAILED ? NULL : p;
}

void *os_reserve(size_t size)
{
	return map(NULL, size, PROT_NONE, MAP_NORESERVE);
}

bool os_commit(void *p, size_t size)
{
	int saved = errno;
	bool ok = !mprotect(p, size, PROT_READ | PROT_WRITE);

	errno = saved;
	return ok;
}

void os_give_back(void *p, size_t size)
{
	int saved = errno;

	/* Locked memory stays, and is not zero: the caller would rely on it. */
	if (madvise(p, size, MADV_DONTNEED))
		memset(p, 0, size);
	errno = saved;
}

void *os_map(size_t size)
{
	return map(NULL, size, PROT_READ | PROT_WRITE, 0);
}

void os_unmap(void *p, size_t size)
{
	int saved = errno;

	munmap(p, size);
	errno = saved;
}

void *os_remap(void *p, size_t size, size_t new_size)
{
	int saved = errno;

	p = mremap(p, size, new_size, MREMAP_MAYMOVE);
	errno = saved;
	return p == MAP_FAILED ? NULL : p;
}

uint64_t os_memory(void)
{
	struct sysinfo info;

	if (sysinfo(&info))
		return 1ULL << 30;
	return ((uint64_t)info.totalram + info.totalswap) * info.mem_unit;
}

uint64_t os_address_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_AS, &limit) || limit.rlim_cur == RLIM_INFINITY)
		return UINT64_MAX;
	return limit.rlim_cur;
}

unsigned int os_nr_cpus(void)
{
	cpu_set_t set;
	int saved = errno, n = 0;

	if (!sched_getaffinity(0, sizeof(set), &set))
		n = CPU_COUNT(&set);
	errno = saved;
	return n > 0 ? (unsigned int)n : 1;
}

void os_resident(uint64_t *now, uint64_t *peak)
{
	char text[128] = "";
	unsigned long size, pages = 0;
	struct rusage usage;
	FILE *f = fopen("/proc/self/statm", "re");

	if (f && fgets(text, sizeof(text), f))
		sscanf(text, "%lu %lu", &size, &pages);
	if (f)
		fclose(f);
	*now = (uint64_t)pages * (uint64_t)sysconf(_SC_PAGESIZE);
	*peak = getrusage(RUSAGE_SELF, &usage) ? 0 :
		(uint64_t)usage.ru_maxrss << 10;
}

/* ---- locks ----------------------------------------------------------- */

static void futex(uint32_t *word, int op, uint32_t value,
		  const struct timespec *time)
{
	int saved = errno;

	syscall(SYS_futex, word, op, value, time, NULL, 0);
	errno = saved;
}

bool os_trylock(uint32_t *lock)
{
	uint32_t none = 0;

	/* Pairs with the release in os_unlock(). */
	return __atomic_compare_exchange_n(lock, &none, 1, false,
					   __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}

void os_lock(uint32_t *lock)
{
	int i;

	for (i = 0; i < LOCK_TURNS; i++) {
		if (os_trylock(lock))
			return;
		__builtin_ia32_pause();
	}
	/* Acquire: as in os_trylock(). */
	while (__atomic_exchange_n(lock, 2, __ATOMIC_ACQUIRE))
		futex(lock, FUTEX_WAIT_PRIVATE, 2, NULL);
}

void os_unlock(uint32_t *lock)
{
	if (__atomic_exchange_n(lock, 0, __ATOMIC_RELEASE) == 2)
		futex(lock, FUTEX_WAKE_PRIVATE, 1, NULL);
}

static long membarrier(int command)
{
	return syscall(SYS_membarrier, command, 0, 0);
}

/*
 * Where the kernel has no barrier for us: taking a right from a page that
 * threads may have in their TLBs makes it interrupt each CPU that runs one.
 */
static void barrier_by_shootdown(void)
{
	static uint32_t lock;
	static char page[2 * PAGE_BYTES];
	char *p = page + (-(uintptr_t)page & (PAGE_BYTES - 1));

	os_lock(&lock);
	if (mprotect(p, PAGE_BYTES, PROT_READ | PROT_WRITE))
		abort();
	__atomic_fetch_add(p, 1, __ATOMIC_SEQ_CST);
	if (mprotect(p, PAGE_BYTES, PROT_READ))
		abort();
	mprotect(p, PAGE_BYTES, PROT_READ | PROT_WRITE);
	os_unlock(&lock);
}

void os_barrier(void)
{
	int saved = errno;

	/* The first time the process has to say that it wants them. */
	if (membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED) &&
	    (membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED) ||
	     membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED)))
		barrier_by_shootdown();
	errno = saved;
}

void os_yield(void)
{
	sched_yield();
}

/* ---- threads --------------------------------------------------------- */

static pthread_key_t exit_key;
static void (*on_exit_fn)(void);
static void (*before_fork)(void);
static void (*after_fork)(bool child);

static void thread_exits(void *unused)
{
	on_exit_fn();
}

static void fork_parent(void)
{
	after_fork(false);
}

static void fork_child(void)
{
	after_fork(true);
}

bool os_hooks(void (*exit)(void), void (*before)(void),
	      void (*after)(bool child))
{
	on_exit_fn = exit;
	before_fork = before;
	after_fork = after;
	return !pthread_key_create(&exit_key, thread_exits) &&
	       !pthread_atfork(before_fork, fork_parent, fork_child);
}

bool os_thread_watch(void)
{
	return !pthread_setspecific(exit_key, &exit_key);
}

static void *thread_main(void *fn)
{
	((void (*)(void))fn)();
	return NULL;
}

bool os_thread_start(void (*fn)(void))
{
	int saved = errno, err;
	sigset_t all, old;
	pthread_attr_t attr;
	pthread_t thread;
	size_t least = (size_t)sysconf(_SC_THREAD_STACK_MIN);

	if (pthread_attr_init(&attr))
		return false;
	pthread_attr_setstacksize(&attr, least > HELPER_STACK ? least :
				  HELPER_STACK);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	err = pthread_create(&thread, &attr, thread_main, (void *)fn);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	pthread_attr_destroy(&attr);
	errno = saved;
	return !err;
}

void os_sleep(uint32_t *word, uint32_t value, unsigned int ms)
{
	struct timespec time = {
		.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L,
	};

	if (__atomic_load_n(word, __ATOMIC_RELAXED) == value)
		futex(word, FUTEX_WAIT_PRIVATE, value, &time);
}

void os_wake(uint32_t *word)
{
	futex(word, FUTEX_WAKE_PRIVATE, INT_MAX, NULL);
}

unsigned int os_pid(void)
{
	return (unsigned int)getpid();
}

/* ---- the rest -------------------------------------------------------- */

uint64_t os_monotonic_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

uint64_t os_entropy(void)
{
	int saved = errno;
	uint64_t x;

	if (getrandom(&x, sizeof(x), GRND_NONBLOCK) != (ssize_t)sizeof(x))
		x = os_monotonic_ns();
	errno = saved;
	return x;
}

const char *os_getenv(const char *name)
{
	return secure_getenv(name);
}

void os_at_exit(void (*fn)(void))
{
	atexit(fn);
}

int os_keep_stderr(void)
{
	int fd = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, KEPT_FD);

	return fd < 0 ? STDERR_FILENO : fd;
}

void os_write(int fd, const char *s, size_t n)
{
	int saved = errno;

	while (n) {
		ssize_t done = write(fd, s, n);

		if (done <= 0)
			break; /* nobody to tell */
		s += done;
		n -= (size_t)done;
	}
	errno = saved;
}

void os_abort(void)
{
	abort();
}

void os_set_errno(int code)
{
	errno = code;
}

void *os_next_operator_new(size_t size)
{
	void *(*next)(size_t size);

	*(void **)&next = dlsym(RTLD_NEXT, "_Znwm");
	if (!next)
		abort();
	return next(size);
}
