/* SPDX-License-Identifier: MIT */
/*
 * Counters of pages (per zone, per node) and of events (per CPU). The
 * machine keeps the sums over all zones and nodes, so that a reader pays no
 * walk.
 */
#ifndef _LINUX_VMSTAT_H
#define _LINUX_VMSTAT_H

#include <linux/mmzone.h>
#include <linux/percpu.h>
#include <linux/vm_event_item.h>
#include <octavo/machine.h>

struct vm_event_state {
	unsigned long event[NR_VM_EVENT_ITEMS];	/* p: this CPU's count */
};

DECLARE_PER_CPU(struct vm_event_state, vm_event_states);

static inline void count_vm_events(enum vm_event_item item, long delta)
{
	this_cpu_add(vm_event_states.event[item], (unsigned long)delta);
}

static inline void count_vm_event(enum vm_event_item item)
{
	count_vm_events(item, 1);
}

/* Sums over all CPUs; @ret has NR_VM_EVENT_ITEMS places. */
void all_vm_events(unsigned long *ret);

static inline void mod_zone_page_state(struct zone *zone,
				       enum zone_stat_item item, long delta)
{
	atomic_long_add(delta, &zone->vm_stat[item]);
	atomic_long_add(delta, &this_machine()->vm_zone_stat[item]);
}

static inline void mod_node_page_state(struct pglist_data *pgdat,
				       enum node_stat_item item, long delta)
{
	atomic_long_add(delta, &pgdat->vm_stat[item]);
	atomic_long_add(delta, &this_machine()->vm_node_stat[item]);
}

#define __mod_zone_page_state(z, i, d)	mod_zone_page_state(z, i, d)
#define __mod_node_page_state(n, i, d)	mod_node_page_state(n, i, d)

static inline unsigned long zone_page_state(struct zone *zone,
					    enum zone_stat_item item)
{
	long x = atomic_long_read(&zone->vm_stat[item]);

	return x < 0 ? 0 : (unsigned long)x;
}

static inline unsigned long node_page_state(struct pglist_data *pgdat,
					    enum node_stat_item item)
{
	long x = atomic_long_read(&pgdat->vm_stat[item]);

	return x < 0 ? 0 : (unsigned long)x;
}

static inline unsigned long global_zone_page_state(enum zone_stat_item item)
{
	long x = atomic_long_read(&this_machine()->vm_zone_stat[item]);

	return x < 0 ? 0 : (unsigned long)x;
}

static inline unsigned long global_node_page_state(enum node_stat_item item)
{
	long x = atomic_long_read(&this_machine()->vm_node_stat[item]);

	return x < 0 ? 0 : (unsigned long)x;
}

#endif
