/* SPDX-License-Identifier: MIT */
#ifndef _OCTAVO_MEM_MODEL_GDB_H
#define _OCTAVO_MEM_MODEL_GDB_H

#define GDB_MEM_MODEL							\
	{ "model.discontig", 1, 0, NULL },				\
	GDB_FIELD(pglist_data, node_mem_map),				\
	GDB_FIELD(pglist_data, node_start_pfn),				\
	GDB_FIELD(pglist_data, node_spanned_pages),

#endif
