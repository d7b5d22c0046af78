/* SPDX-License-Identifier: MIT */
#ifndef _OCTAVO_MEM_MODEL_GDB_H
#define _OCTAVO_MEM_MODEL_GDB_H

/* One array at vmemmap, which the port tells of. */
#define GDB_MEM_MODEL							\
	{ "model.vmemmap", 1, 0, NULL },

#endif
