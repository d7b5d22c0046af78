/* SPDX-License-Identifier: MIT */
/*
 * The core as the malloc library uses it. The theory stands in start.c.
 */
#ifndef OCTAVO_MALLOC_PORT_H
#define OCTAVO_MALLOC_PORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* CPUs of the machine at most: more than that seldom meet in the core. */
#define MALLOC_MAX_CPUS	16U

/*
 * Makes and starts the machine, once, with @nr_cpus CPUs and RAM of @ram
 * bytes, or as much as there are addresses for, down to 16 MiB. 0 or -ENOMEM.
 * Allocates nothing from the C library.
 */
int malloc_machine_start(uint64_t ram, unsigned int nr_cpus);

/*
 * The calling thread gets a CPU, which calls of the core need, and gives it
 * back. Waits while all are taken. Does not nest.
 */
void malloc_core_enter(void);
void malloc_core_leave(void);
/* All CPUs at once: nobody is inside the core in between. For fork(). */
void malloc_core_stop(void);
void malloc_core_go(void);

/*
 * Makes sure that the memory of the next requests may be touched, whatever
 * their order: to be called, with a CPU, before each call that may allocate
 * pages. False: the system has none.
 */
bool malloc_core_commit(void);

/* Frames whose memory may be touched; others' kinds cannot be read. */
extern unsigned long malloc_nr_frames;
/* Kinds of frames; address of frame 0. */
extern uint16_t *malloc_frames;
/* The same, as where that of address 0 would be. */
extern unsigned long malloc_kinds;
extern char *malloc_base;

#endif
