// SPDX-License-Identifier: MIT
/* What a debugger is told of a kernel that embeds the core. */
#include <octavo/gdb.h>

#include <octavo/machine.h>
#include <asm/page.h>

const struct gdb_entry octavo_gdb_port[] = {
	GDB_VARIABLE("the_machine", octavo_machine),
	GDB_VARIABLE("page_offset", port_page_offset),
	{ .name = "" }
};
