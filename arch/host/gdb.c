// SPDX-License-Identifier: MIT
/*
 * What a debugger is told of a process: a list of its machines, and where each
 * has its RAM and its struct pages.
 */
#include <octavo/gdb.h>

#include <octavo/machine.h>

#include "host.h"
#include "os/include/host_os.h"

/* All machines, the newest first; changed under gdb_lock. */
static struct machine *gdb_machines;
static bool gdb_lock;

const struct gdb_entry octavo_gdb_port[] = {
	GDB_VARIABLE("machines", gdb_machines),
	{ "machine.next", __builtin_offsetof(struct machine, arch.gdb_next),
	  sizeof(void *), NULL },
	{ "machine.page_offset",
	  __builtin_offsetof(struct machine, arch.page_offset),
	  sizeof(long), NULL },
	{ "machine.vmemmap",
	  __builtin_offsetof(struct machine, arch.struct_pages),
	  sizeof(void *), NULL },
	{ .name = "" }
};

static void gdb_list_lock(void)
{
	while (__atomic_test_and_set(&gdb_lock, __ATOMIC_ACQUIRE))
		host_yield();
}

static void gdb_list_unlock(void)
{
	__atomic_clear(&gdb_lock, __ATOMIC_RELEASE);
}

void host_gdb_add(struct machine *m)
{
	gdb_list_lock();
	m->arch.gdb_next = gdb_machines;
	gdb_machines = m;
	gdb_list_unlock();
}

void host_gdb_remove(struct machine *m)
{
	struct machine **at;

	gdb_list_lock();
	for (at = &gdb_machines; *at != m; at = &(*at)->arch.gdb_next)
		;
	*at = m->arch.gdb_next;
	gdb_list_unlock();
}
