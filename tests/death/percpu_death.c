// SPDX-License-Identifier: MIT
/* Misuse of per-CPU objects: one line each, and the machine goes on. */
#include "death.h"

#include <linux/gfp.h>
#include <linux/percpu.h>

#include <octavo/fail_page.h>
#include <octavo/machine.h>

#define BAD(reason)	"BUG: Bad percpu free in process *: 0x*: " reason

static void percpu_freed_twice(void)
{
	long __percpu *p = alloc_percpu(long);

	free_percpu(p);
	free_percpu(p);
	percpu_check();
}
DEATH_TEST(percpu_freed_twice, SURVIVES,
	   BAD("it is free already (double free[?])"));

static void percpu_freed_inside(void)
{
	long __percpu *p = __alloc_percpu(64, 8);

	free_percpu(p + 1);
	percpu_check();
	free_percpu(p);
	percpu_check();
}
DEATH_TEST(percpu_freed_inside, SURVIVES, BAD("it is inside an object"));

static void percpu_freed_askew(void)
{
	char __percpu *p = __alloc_percpu(64, 8);

	free_percpu(p + 1);
	percpu_check();
}
DEATH_TEST(percpu_freed_askew, SURVIVES, BAD("it is inside an object"));

static void percpu_freed_static(void)
{
	free_percpu(&cpu_number);
	percpu_check();
}
DEATH_TEST(percpu_freed_static, SURVIVES, BAD("it is a static variable"));

static void percpu_freed_address(void)
{
	long __percpu *p = alloc_percpu(long);

	/* The copy of a CPU in place of the pointer. */
	free_percpu(per_cpu_ptr(p, 0));
	percpu_check();
}
DEATH_TEST(percpu_freed_address, SURVIVES, BAD("it is no per-CPU pointer"));

static void percpu_freed_no_chunk(void)
{
	free_percpu(&__per_cpu_start[PERCPU_STRIDE - PERCPU_UNIT_SIZE]);
	percpu_check();
}
DEATH_TEST(percpu_freed_no_chunk, SURVIVES, BAD("there is no chunk"));

static void percpu_size_zero(void)
{
	BUG_ON(__alloc_percpu(0, 8));
}
DEATH_TEST(percpu_size_zero, SURVIVES,
	   "illegal size (0) or align (8) for percpu allocation");

static void percpu_size_huge(void)
{
	BUG_ON(__alloc_percpu(PCPU_MIN_UNIT_SIZE + 1, 8));
}
DEATH_TEST(percpu_size_huge, SURVIVES,
	   "illegal size (32769) or align (8) for percpu allocation");

static void percpu_align_odd(void)
{
	BUG_ON(__alloc_percpu(8, 12));
}
DEATH_TEST(percpu_align_odd, SURVIVES,
	   "illegal size (8) or align (12) for percpu allocation");

static void percpu_no_record(void)
{
	page_alloc_fail_nth(1);
	BUG_ON(__alloc_percpu_gfp(PCPU_MIN_UNIT_SIZE, 8, GFP_ATOMIC));
}
DEATH_TEST(percpu_no_record, SURVIVES,
	   "percpu: allocation failed, size=32768 align=8 atomic=1, no page for a chunk's record");

static void percpu_no_unit(void)
{
	page_alloc_fail_nth(2);
	BUG_ON(__alloc_percpu(PCPU_MIN_UNIT_SIZE, 8));
}
DEATH_TEST(percpu_no_unit, SURVIVES,
	   "percpu: allocation failed, size=32768 align=8 atomic=0, no pages for a CPU's unit");

/* Its map says that a granule is taken, and no object has it. */
static void percpu_map_broken(void)
{
	this_machine()->percpu.chunk[0]->free[PERCPU_BLOCKS - 1] = 0;
	percpu_check();
}
DEATH_TEST(percpu_map_broken, DIES, "kernel BUG at *percpu_check.c:*! *");
