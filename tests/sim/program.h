/* SPDX-License-Identifier: MIT */
/* What a program adds to the machine of object_machine.c. */
#ifndef OCTAVO_TESTS_SIM_PROGRAM_H
#define OCTAVO_TESTS_SIM_PROGRAM_H

#include "sim_test.h"

/* What must be the same before and after, with all given back. */
struct books {
	unsigned long pages;	/* free, and in slabs */
	unsigned long out;	/* objects of all caches */
};

/* Once, when the machine has started. */
void program_start(void);
/* For the states mixed and short. On CPU 0, which it is afterwards as well. */
void program_warm(void);
/* Pages that are left free in the state short, more or less. */
extern const unsigned int program_short;
/* Gives all back; and what CPUs and caches keep. */
void program_empty(void);
struct books program_settle(void);
/* The oracle: part of each state, and put back with it. */
void *program_data(size_t *size);

/* The thread is CPU @cpu from here on. */
void cpu_become(unsigned int cpu);
/* The books of @state, settled. */
const struct books *machine_books(enum start_state state);

#endif
