// SPDX-License-Identifier: MIT
/*
 * The port contract's functions, answered by a process: time, chance,
 * console, the end. Threads and CPUs are in sched.c.
 *
 * A panic goes to the innermost host_catch() on its thread, which is a test's
 * or octavo_machine_create()'s own. Without one the log's end goes to stderr
 * and the process aborts, so that a core dump or the sanitizer shows where.
 */
#include <octavo/port.h>

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/stacktrace.h>
#include <linux/string.h>

#include <asm/early_ioremap.h>
#include <octavo/machine.h>

#include "host.h"
#include "os/include/host_os.h"

__thread struct host_cpu host_cpu;

/* Lines of the log that a dying process shows: a report and what led to it. */
#define LAST_LINES	40
/* Of a stack that is shown: deeper than any path of the core. */
#define STACK_FRAMES	32

u64 port_clock_ns(void)
{
	struct arch_machine *a = this_machine() ? this_arch() : NULL;

	if (!a)
		return host_monotonic_ns();
	if (!a->clock_step)
		return host_monotonic_ns() - a->clock_start;
	/* Relaxed: a counter that orders nothing but itself. */
	return __atomic_add_fetch(&a->clock_now, a->clock_step,
				  __ATOMIC_RELAXED);
}

u64 port_cycles(void)
{
	return host_monotonic_ns();
}

/*
 * SplitMix64 (Steele, Lea and Flood, 2014): the state steps by an odd
 * constant, so that threads draw from one sequence with one atomic add.
 */
u64 port_random(void)
{
	/* Relaxed: as above. */
	u64 z = __atomic_add_fetch(&this_arch()->random_state,
				   0x9e3779b97f4a7c15ULL, __ATOMIC_RELAXED);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return z ^ (z >> 31);
}

void port_console_write(const char *s, size_t n)
{
	if (!this_machine())
		host_write_stderr(s, n);
	else if (this_arch()->console)
		this_arch()->console(this_arch()->console_ctx, s, n);
}

/* Who made the machine reads it, and writes what files he wants. */
bool port_dump_write(const char *s, size_t n)
{
	return false;
}

/* There is no keyboard, and nothing will come. */
int port_console_read(bool wait)
{
	return -EAGAIN;
}

struct last_lines {
	unsigned long skip;	/* lines not to show */
};

static void count_line(void *ctx, const char *s, size_t n)
{
	(*(unsigned long *)ctx)++;
}

static void show_line(void *ctx, const char *s, size_t n)
{
	struct last_lines *l = ctx;

	if (l->skip)
		l->skip--;
	else
		host_write_stderr(s, n);
}

static void show_end_of_log(void)
{
	struct last_lines l = { 0 };

	log_for_each(count_line, &l.skip);
	l.skip -= min(l.skip, (unsigned long)LAST_LINES);
	log_for_each(show_line, &l);
}

void port_panic(void)
{
	if (host_can_throw())
		host_throw(HOST_THROW_PANIC);
	if (this_machine() && !this_arch()->console)
		show_end_of_log();
	host_abort();
}

void port_poweroff(bool ok)
{
	this_machine()->state = SYSTEM_HALTED;
	if (host_can_throw())
		host_throw(ok ? HOST_THROW_POWEROFF : HOST_THROW_FAILED);
	host_abort();
}

/* A process does not start a machine anew: whoever made it can. */
void port_reboot(void)
{
	port_poweroff(true);
}

void port_dump_stack(void)
{
	unsigned long entries[STACK_FRAMES];
	unsigned int nr = stack_trace_save(entries, STACK_FRAMES, 0);

	pr_info("Call Trace:\n");
	stack_trace_print(entries, nr, 0);
}

/* A process starts machines again and again with the same code. */
void free_initmem(void)
{
	early_ioremap_check();
}

void port_poison(const void *p, size_t n)
{
	host_poison(p, n);
}

void port_unpoison(const void *p, size_t n)
{
	host_unpoison(p, n);
}

void clear_page(void *page)
{
	memset(page, 0, PAGE_SIZE);
}

void copy_page(void *to, const void *from)
{
	memcpy(to, from, PAGE_SIZE);
}
