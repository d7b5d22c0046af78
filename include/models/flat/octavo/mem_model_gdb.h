/* SPDX-License-Identifier: MIT */
#ifndef _OCTAVO_MEM_MODEL_GDB_H
#define _OCTAVO_MEM_MODEL_GDB_H

#define GDB_MEM_MODEL							\
	{ "model.flat", 1, 0, NULL },					\
	GDB_FIELD(machine, mem_model),					\
	GDB_FIELD(mem_model, map),					\
	GDB_FIELD(mem_model, start_pfn),

#endif
