/* SPDX-License-Identifier: MIT */
/*
 * The two halves of a hosted test program: mains that see libc, and
 * harness.c, which sees the core. <stdint.h> types alone.
 */
#ifndef OCTAVO_TESTS_HARNESS_H
#define OCTAVO_TESTS_HARNESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef void (*harness_emit)(void *ctx, const char *s, size_t n);

/* ---- harness.c ------------------------------------------------------- */

/*
 * Gives the calling thread a machine of @bytes of RAM that has not been
 * started: memblock is empty, the arena is mapped. Panics are the process's
 * end. With @boot it is started, with 2 nodes and 4 CPUs. 0 or -errno, after
 * a line on stderr.
 */
int harness_machine(uint64_t bytes, bool boot);
/* The same, started with @cmdline (NULL: without options). */
int harness_machine_with(uint64_t bytes, const char *cmdline);
/* Gives it back. */
void harness_machine_end(void);
/* Writes the current machine's log. */
void harness_log(harness_emit emit, void *ctx);

/* ---- harness_kunit.c ------------------------------------------------- */

/*
 * Runs the unit tests that match @filter (NULL: all), each on a fresh
 * machine started with @options (NULL: none), as KTAP on stdout. @replay is the command that runs one again.
 * Returns the number that failed.
 */
int harness_kunit(const char *filter, uint64_t seed, const char *options,
		  const char *replay);

#endif
