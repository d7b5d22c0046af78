// SPDX-License-Identifier: MIT
/* What a debugger is told of the machine, its zones and its pages. */
#include <octavo/gdb.h>

#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/page-flags.h>
#include <linux/percpu.h>

#include <octavo/machine.h>
#include <octavo/mem_model_gdb.h>

#define GDB_FLAG(name)	{ "PG_" #name, PG_##name, 0, NULL }
#define GDB_TYPE(name)	{ "PGTY_" #name, PGTY_##name, 0, NULL }

const struct gdb_entry octavo_gdb_table[] = {
	GDB_SIZE(machine),
	GDB_FIELD(machine, nodes),
	GDB_FIELD(machine, nr_nodes),
	GDB_FIELD(machine, nr_cpus),
	GDB_FIELD(machine, percpu_offset),
	GDB_FIELD(machine, slab),
	{ "machine.max_pfn", __builtin_offsetof(struct machine, pfn.max),
	  sizeof(long), NULL },
	{ "machine.max_low_pfn", __builtin_offsetof(struct machine, pfn.max_low),
	  sizeof(long), NULL },
	GDB_SIZE(pglist_data),
	GDB_FIELD(pglist_data, node_zones),
	GDB_FIELD(pglist_data, node_id),
	GDB_SIZE(zone),
	GDB_FIELD(zone, name),
	GDB_FIELD(zone, zone_start_pfn),
	GDB_FIELD(zone, spanned_pages),
	GDB_FIELD(zone, present_pages),
	GDB_FIELD(zone, managed_pages),
	GDB_FIELD(zone, vm_stat),
	GDB_FIELD(zone, _watermark),
	GDB_FIELD(zone, watermark_boost),
	GDB_FIELD(zone, free_area),
	GDB_SIZE(free_area),
	GDB_FIELD(free_area, nr_free),
	GDB_SIZE(page),
	GDB_FIELD(page, _refcount),
	GDB_FIELD(page, _mapcount),
	GDB_FIELD(page, flags),
	GDB_FIELD(page, index),
	GDB_FIELD(page, mapping),
	GDB_FIELD(page, lru_next),
	GDB_FIELD(page, lru_prev),
	GDB_NUMBER(PAGE_SHIFT),
	GDB_NUMBER(MAX_NR_ZONES),
	GDB_NUMBER(NR_PAGE_ORDERS),
	GDB_NUMBER(NR_FREE_PAGES),
	GDB_NUMBER(ZONES_PGSHIFT),
	GDB_NUMBER(NODES_PGSHIFT),
	GDB_NUMBER(PAGE_TYPE_SHIFT),
	{ "PAGE_REF_SOLE", (u32)PAGE_REF_SOLE, 0, NULL },
	GDB_FLAG(locked), GDB_FLAG(writeback), GDB_FLAG(referenced),
	GDB_FLAG(uptodate), GDB_FLAG(dirty), GDB_FLAG(lru), GDB_FLAG(head),
	GDB_FLAG(waiters), GDB_FLAG(active), GDB_FLAG(workingset),
	GDB_FLAG(reserved), GDB_FLAG(private), GDB_FLAG(reclaim),
	GDB_FLAG(swapbacked), GDB_FLAG(unevictable), GDB_FLAG(mlocked),
	GDB_FLAG(hwpoison), GDB_FLAG(tail), GDB_FLAG(quarantine),
	GDB_TYPE(buddy), GDB_TYPE(offline), GDB_TYPE(table), GDB_TYPE(guard),
	GDB_TYPE(hugetlb), GDB_TYPE(slab), GDB_TYPE(block),
	GDB_MEM_MODEL
	{ .name = "" }
};
