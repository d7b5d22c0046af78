/* SPDX-License-Identifier: MIT */
/*
 * The operating system below the hosted port, as a handful of calls.
 *
 * The core and libc never share a translation unit: their headers have the
 * same names. So arch/host/ says what it needs here, in <stdint.h> types
 * alone, and arch/host/os/ answers with libc. Errors are negative errno
 * numbers, which are the same on both sides. Sizes and offsets are bytes.
 */
#ifndef OCTAVO_HOST_OS_H
#define OCTAVO_HOST_OS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- arena.c: memory ------------------------------------------------- */

/*
 * A machine's memory: a sparse memfd of @file_size bytes, of which the first
 * @ram_size are seen as a whole at host_arena_ram(), and @map_size bytes of
 * address space at host_arena_map() where nothing may be touched until
 * host_arena_alias() puts pieces of the same memfd there. The bases are aligned
 * to the largest block of pages.
 */
struct host_arena;

/* NULL, with the reason in *@err, when the system has no room for it. */
struct host_arena *host_arena_create(uint64_t ram_size, uint64_t map_size,
				     uint64_t file_size, int *err);
/* Gives memory, address space and descriptor back. @a may be NULL. */
void host_arena_destroy(struct host_arena *a);
void *host_arena_ram(const struct host_arena *a);
void *host_arena_map(const struct host_arena *a);
/*
 * Shows the @size bytes from offset @phys of the memfd at @va as well, which
 * lies in the map. Page multiples. 0 or -errno.
 */
int host_arena_alias(struct host_arena *a, void *va, uint64_t phys,
		     uint64_t size);
/*
 * @size bytes of addresses on a multiple of @align, a power of two, where
 * nothing may be touched until host_space_show() puts pieces of an arena's
 * memfd there; NULL when there are none.
 */
void *host_space_reserve(uint64_t size, uint64_t align);
void host_space_release(void *space, uint64_t size);
/* As host_arena_alias(), anywhere in such a space; for reading if not
 * @writable. */
int host_space_show(const struct host_arena *a, void *va, uint64_t phys,
		    uint64_t size, bool writable);
/* Nothing may be touched there again. 0 or -errno. */
int host_space_hide(void *va, uint64_t size);
/* Bytes of the memfd that the system really holds. */
uint64_t host_arena_resident(const struct host_arena *a);

/* Zeroed private memory, given in whole pages; NULL when there is none. */
void *host_pages_alloc(size_t size);
void host_pages_free(void *p, size_t size);
/* Small things. NULL when there is none. host_free(NULL) does nothing. */
void *host_alloc(size_t size);
void host_free(void *p);

/* ---- checker.c: the memory checker that the build chose -------------- */

/* Touching the bytes is reported from now on; does nothing without ASan. */
void host_poison(const void *p, size_t n);
void host_unpoison(const void *p, size_t n);

/* ---- process.c: time, chance, output, the end ------------------------ */

uint64_t host_monotonic_ns(void);	/* since an arbitrary start */
uint64_t host_thread_cpu_ns(void);	/* this thread has computed so long */
uint64_t host_entropy(void);		/* 64 random bits */
void host_write_stderr(const char *s, size_t n);
void host_abort(void) __attribute__((__noreturn__));

/*
 * Runs fn(arg). Returns 0 when it returns, and @code when it, or what it
 * calls on this thread, calls host_throw(@code). Nests.
 */
int host_catch(void (*fn)(void *arg), void *arg);
bool host_can_throw(void);		/* is there a host_catch() above? */
void host_throw(int code) __attribute__((__noreturn__));

/* ---- symbols.c: stacks and names -------------------------------------- */

/*
 * Return addresses of the calling stack, innermost first, from the one in the
 * caller on, without the first @skip; returns how many of @size.
 */
unsigned int host_stack_save(unsigned long *store, unsigned int size,
			     unsigned int skip);
/*
 * The name at code address @addr, how far behind its start that is, and its
 * length (0: not known); the name of the file when it knows no symbol there,
 * NULL when there is no code. The name stays.
 */
const char *host_symbol(unsigned long addr, unsigned long *offset,
			unsigned long *size);

/* Calls @fn for each function of the core's file and of the program. */
void host_symbols_for_each(void (*fn)(void *ctx, const char *name,
				      unsigned long addr), void *ctx);

/* ---- guard.c: pages that fault --------------------------------------- */

/* A thread touched a page; true: it may do so again. In a signal's context. */
typedef bool (*host_fault_fn)(uintptr_t addr, bool is_write, uintptr_t ip,
			      uintptr_t fp);
/* Faults of pages that have no right are @fn's from now on, for good. */
void host_faults_handle(host_fault_fn fn);
/* Whether accesses to @size bytes of pages at @page fault. 0 or -errno. */
int host_page_guard(const void *page, size_t size, bool guard);

/* ---- thread.c: threads and places to sleep --------------------------- */

#define HOST_FOREVER	UINT64_MAX	/* a wait without an end */

/*
 * Starts a thread that runs fn(arg); its name for host_thread_join() goes to
 * *@id before the call returns. Signals stay blocked in it. 0, or -errno
 * (-EAGAIN: the process may have no more).
 */
int host_thread_create(unsigned long *id, void (*fn)(void *arg), void *arg);
/* The calling thread's name. */
unsigned long host_thread_self(void);
/* Where the stack of the thread @id, which has not ended, lies; or false. */
bool host_thread_stack(unsigned long id, uintptr_t *low, uintptr_t *high);
/* Copies @n bytes that may not be there; whether they were. */
bool host_peek(void *to, const void *from, size_t n);
/* Waits for the end of the thread @id; once for each thread. */
void host_thread_join(unsigned long id);
/*
 * Every other thread of the process has had a full memory barrier between
 * the call and the return, and so has this one.
 */
void host_barrier(void);
/* Lets another thread of the process run. */
void host_yield(void);

/*
 * Sleeps while *@word is @value, for @ns at most. Returns for no reason
 * too: the caller looks at the word again. Orders nothing.
 */
void host_futex_wait(uint32_t *word, uint32_t value, uint64_t ns);
/* Wakes at most @nr of those asleep at @word; it is not read. */
void host_futex_wake(uint32_t *word, int nr);

/* ---- file.c: files --------------------------------------------------- */

/*
 * The whole of @path in memory, with a NUL after it, to be given back with
 * host_free(). 0, -errno, or -EFBIG when it is longer than @max bytes.
 */
int host_read_file(const char *path, size_t max, char **data, size_t *size);
/* A new file @path, or NULL with *@err (-errno). */
void *host_file_create(const char *path, int *err);
/* @file is the other's result. What goes wrong host_file_close() says. */
void host_file_write(void *file, const char *s, size_t n);
/* 0, or -errno when not all that was written is there. */
int host_file_close(void *file);

/* ---- process.c ------------------------------------------------------- */

/* What the environment says; NULL: nothing. */
const char *host_getenv(const char *name);

#endif
