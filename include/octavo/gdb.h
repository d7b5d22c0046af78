/* SPDX-License-Identifier: MIT */
/*
 * Tables that tell a debugger where things are: gdb/octavo-gdb.py reads
 * structures by them, needs no debug information, and goes on working when a
 * structure changes.
 *
 *   octavo_gdb_table   struct machine, nodes, zones, pages    kernel/gdb.c
 *   octavo_gdb_slab    caches                                 mm/slab/gdb.c
 *   octavo_gdb_port    direct map, struct pages, machines     the port
 *
 * Each ends with an entry without a name. They are part of the library's
 * interface: a name keeps its meaning.
 */
#ifndef _OCTAVO_GDB_H
#define _OCTAVO_GDB_H

#include <linux/types.h>

/* Of 64 bytes, in any build. */
struct gdb_entry {
	char name[40];		/* "zone.name", "PAGE_SHIFT" */
	u64 value;		/* a field's offset in bytes, or a number */
	u64 size;		/* a field's bytes, "zone": a structure's; 0 */
	const void *address;	/* of a variable, or NULL */
};
static_assert(sizeof(struct gdb_entry) == 64, "the debugger knows the size");

extern const struct gdb_entry octavo_gdb_table[];
extern const struct gdb_entry octavo_gdb_slab[];
extern const struct gdb_entry octavo_gdb_port[];

#define GDB_FIELD(type, field)						\
	{ #type "." #field, __builtin_offsetof(struct type, field),	\
	  sizeof(((struct type *)0)->field), NULL }
/* An array whose length the structure does not say. */
#define GDB_ARRAY(type, field)						\
	{ #type "." #field, __builtin_offsetof(struct type, field), 0, NULL }
#define GDB_SIZE(type)		{ #type, 0, sizeof(struct type), NULL }
#define GDB_NUMBER(number)	{ #number, (u64)(number), 0, NULL }
#define GDB_VARIABLE(name, variable)	{ name, 0, sizeof(variable), &(variable) }

#endif
