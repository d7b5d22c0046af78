/* SPDX-License-Identifier: MIT */
#ifndef _OCTAVO_MEM_MODEL_GDB_H
#define _OCTAVO_MEM_MODEL_GDB_H

#include <octavo/section_types.h>

#define GDB_MEM_MODEL							\
	{ "model.sparse", 1, 0, NULL },					\
	GDB_FIELD(machine, mem_model),					\
	GDB_FIELD(mem_model, roots),					\
	GDB_FIELD(mem_model, nr_sections),				\
	GDB_SIZE(mem_section),						\
	GDB_FIELD(mem_section, map),					\
	GDB_NUMBER(PFN_SECTION_SHIFT),					\
	GDB_NUMBER(SECTIONS_PER_ROOT),

#endif
