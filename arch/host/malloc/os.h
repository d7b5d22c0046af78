/* SPDX-License-Identifier: MIT */
/*
 * The system below malloc(), as a handful of calls that allocate nothing from
 * the C library and leave errno as it is. Core and libc never share
 * a translation unit: <stdint.h> types alone. Sizes are bytes.
 */
#ifndef OCTAVO_MALLOC_OS_H
#define OCTAVO_MALLOC_OS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- memory ---------------------------------------------------------- */

/* Addresses where nothing may be touched; NULL when there are none. */
void *os_reserve(size_t size);
/* May be touched from now on, and is zero. Whole pages. */
bool os_commit(void *p, size_t size);
/* The system takes the memory back: it is zero when it is touched next. */
void os_give_back(void *p, size_t size);
/* Zeroed memory of its own; NULL when there is none. Whole pages. */
void *os_map(size_t size);
void os_unmap(void *p, size_t size);
/* Makes a mapping larger or smaller, and moves it if it must; NULL: as it was. */
void *os_remap(void *p, size_t size, size_t new_size);
/* RAM and swap space of the computer; what the process may map at most. */
uint64_t os_memory(void);
uint64_t os_address_limit(void);
unsigned int os_nr_cpus(void);
/* Bytes that the process has in RAM now, and had at most. */
void os_resident(uint64_t *now, uint64_t *peak);

/* ---- locks ----------------------------------------------------------- */

/* A word that is 0 when nobody has the lock. Not recursive. */
void os_lock(uint32_t *lock);
bool os_trylock(uint32_t *lock);
void os_unlock(uint32_t *lock);
void os_yield(void);

/* Every other thread of the process has a full memory barrier meanwhile. */
void os_barrier(void);

/* ---- threads --------------------------------------------------------- */

/*
 * Calls of @exit when a thread ends for which os_thread_watch() was called;
 * again if it watches once more in there. Of @before, and @after (with true
 * in the child) around fork(). Once. False: the system refuses.
 */
bool os_hooks(void (*exit)(void), void (*before)(void),
	      void (*after)(bool child));
bool os_thread_watch(void);
/* Starts a thread that runs fn(); signals stay blocked in it. */
bool os_thread_start(void (*fn)(void));
/* Sleeps for @ms, or until *@word is not @value. */
void os_sleep(uint32_t *word, uint32_t value, unsigned int ms);
void os_wake(uint32_t *word);
unsigned int os_pid(void);

/* ---- the rest -------------------------------------------------------- */

uint64_t os_monotonic_ns(void);
uint64_t os_entropy(void);
/* NULL: not set, or the program has rights that its caller has not. */
const char *os_getenv(const char *name);
void os_at_exit(void (*fn)(void));
#define OS_STDERR	2
/*
 * A descriptor of its own for what stderr is now: many programs close theirs
 * before the functions of atexit() are through.
 */
int os_keep_stderr(void);
void os_write(int fd, const char *s, size_t n);
void os_abort(void) __attribute__((__noreturn__));
void os_set_errno(int code);
/* Makes the call that C++ programs' operator new would make without us. */
void *os_next_operator_new(size_t size);

#endif
