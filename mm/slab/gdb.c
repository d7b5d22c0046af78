// SPDX-License-Identifier: MIT
/* What a debugger is told of caches and their objects. */
#include <octavo/gdb.h>

#include "internal.h"

const struct gdb_entry octavo_gdb_slab[] = {
	GDB_FIELD(slab_state, caches),
	GDB_FIELD(slab_state, by_block),
	GDB_FIELD(slab_state, node_shift),
	/* Of each chunk where the kind of frame 0 would be: [pfn] is good. */
	{ "slab_state.kinds", __builtin_offsetof(struct slab_state, frames),
	  sizeof(u16 **), NULL },
	GDB_FIELD(slab_state, nr_frames),
	GDB_FIELD(kmem_cache, list),
	GDB_FIELD(kmem_cache, name),
	GDB_FIELD(kmem_cache, id),
	GDB_FIELD(kmem_cache, size),
	GDB_FIELD(kmem_cache, object_size),
	GDB_FIELD(kmem_cache, num),
	GDB_FIELD(kmem_cache, order),
	GDB_FIELD(kmem_cache, colours),
	GDB_FIELD(kmem_cache, colour_shift),
	GDB_ARRAY(kmem_cache, node),
	GDB_SIZE(kmem_cache_node),
	GDB_FIELD(kmem_cache_node, nr_slabs),
	GDB_FIELD(kmem_cache_node, nr_free_slabs),
	GDB_FIELD(kmem_cache_node, nr_out),
	GDB_FIELD(kmem_cache_node, arrays),
	GDB_FIELD(slab_array, next),
	GDB_FIELD(slab_array, count),
	GDB_FIELD(slab_front, table),
	GDB_SIZE(slab_slot),
	GDB_FIELD(slab_slot, count),
	GDB_FIELD(slab_slot, spare),
	GDB_VARIABLE("slab_front", slab_front),
	GDB_NUMBER(SLAB_ID_BLOCK),
	GDB_NUMBER(FRAME_LARGE),
	GDB_NUMBER(FRAME_CHUNK_SHIFT),
	{ .name = "" }
};
