// SPDX-License-Identifier: MIT
/* What a debugger is told of a booted PC: everything is at a constant place. */
#include <octavo/gdb.h>

#include <octavo/machine.h>
#include <asm/page.h>

const struct gdb_entry octavo_gdb_port[] = {
	GDB_VARIABLE("the_machine", octavo_machine),
	GDB_NUMBER(PAGE_OFFSET),
#ifdef CONFIG_SPARSEMEM_VMEMMAP
	GDB_NUMBER(VMEMMAP_START),
#endif
	{ .name = "" }
};
