// SPDX-License-Identifier: MIT
/*
 * What a program may read and set of a machine, bound to it or not.
 *
 * Reading runs core code, which needs a machine and per-CPU variables: the
 * calling thread looks as CPU 0 meanwhile, without holding it. That is sound
 * since all of that only reads, and takes locks that it finds. Who writes is
 * bound meanwhile.
 */
#include "host.h"

#include <linux/cpu.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/mmzone.h>
#include <linux/percpu.h>
#include <linux/proc_fs.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/topology.h>
#include <linux/vmstat.h>

#include <octavo/slab_info.h>
#include <octavo/start.h>

#include "os/include/host_os.h"

/* The calling thread sees @m from CPU 0; returns what it saw before. */
static struct host_cpu look_at(struct machine *m)
{
	struct host_cpu before = host_cpu;

	if (this_machine() != m)
		host_cpu = (struct host_cpu){
			.machine = m,
			.percpu_offset = m->percpu_offset[0],
			.task = before.task,
			.irqs_off = 1,
		};
	return before;
}

static void look_back(const struct host_cpu *before)
{
	host_cpu = *before;
}

int octavo_cat(struct octavo_machine *machine, const char *path,
	       octavo_emit emit, void *ctx)
{
	struct seq_file seq = { .emit = emit, .ctx = ctx };
	struct host_cpu before;
	int err;

	if (proc_show_sleeps(path) && octavo_bound() != machine) {
		err = octavo_bind(machine, 0);
		if (err)
			return err;
		err = proc_show(path, &seq);
		octavo_unbind();
		return err;
	}
	before = look_at(machine_of(machine));
	err = proc_show(path, &seq);
	look_back(&before);
	return err;
}

int octavo_write(struct octavo_machine *machine, const char *path,
		 const char *text, struct octavo_error *error)
{
	bool bound = octavo_bound() == machine;
	struct octavo_error unwanted;
	int err = bound ? 0 : octavo_bind(machine, 0);

	if (!error)
		error = &unwanted;
	if (err) {
		strscpy(error->text, "the thread is bound to another machine",
			sizeof(error->text));
	} else {
		err = proc_write(path, text, error->text, sizeof(error->text));
		if (!bound)
			octavo_unbind();
	}
	error->code = err;
	return err;
}

uint64_t octavo_reap(struct octavo_machine *machine)
{
	bool bound = octavo_bound() == machine;
	uint64_t pages;

	if (!bound && octavo_bind(machine, 0))
		return 0;
	pages = reclaim_idle();
	if (!bound)
		octavo_unbind();
	return pages;
}

/* Calls @fn on a CPU that the calling thread has for that long. */
static int on_some_cpu(struct octavo_machine *machine,
		       int (*fn)(unsigned int cpu), unsigned int cpu)
{
	bool bound = octavo_bound() == machine;
	int err = bound ? 0 : octavo_bind(machine, 0);

	if (err)
		return err;
	err = fn(cpu);
	if (!bound)
		octavo_unbind();
	return err == 1 ? -EALREADY : err;
}

int octavo_cpu_offline(struct octavo_machine *machine, unsigned int cpu)
{
	return on_some_cpu(machine, remove_cpu, cpu);
}

int octavo_cpu_online(struct octavo_machine *machine, unsigned int cpu)
{
	return on_some_cpu(machine, add_cpu, cpu);
}

void octavo_files(struct octavo_machine *machine,
		  void (*fn)(const char *path, void *ctx), void *ctx)
{
	struct host_cpu before = look_at(machine_of(machine));

	proc_for_each(fn, ctx);
	look_back(&before);
}

unsigned long octavo_log(struct octavo_machine *machine, octavo_emit emit,
			 void *ctx)
{
	struct host_cpu before = look_at(machine_of(machine));
	unsigned long lost = log_for_each(emit, ctx);

	look_back(&before);
	return lost;
}

int octavo_tour(struct octavo_machine *machine, octavo_emit emit, void *ctx)
{
	struct machine *m = machine_of(machine);
	octavo_emit console = m->arch.console;
	void *console_ctx = m->arch.console_ctx;
	int failed = octavo_bind(machine, 0);

	if (failed)
		return failed;
	m->arch.console = emit;
	m->arch.console_ctx = ctx;
	failed = tour_run();
	m->arch.console = console;
	m->arch.console_ctx = console_ctx;
	octavo_unbind();
	return failed;
}

static void zone_info(const struct zone *zone, struct octavo_zone_info *z)
{
	z->node = (unsigned int)zone_to_nid(zone);
	strscpy(z->name, zone->name, sizeof(z->name));
	z->start_pfn = zone->zone_start_pfn;
	z->spanned = zone->spanned_pages;
	z->present = zone->present_pages;
	z->managed = zone_managed_pages(zone);
	z->free = zone_page_state((struct zone *)zone, NR_FREE_PAGES);
	z->min = min_wmark_pages(zone);
	z->low = low_wmark_pages(zone);
	z->high = high_wmark_pages(zone);
}

unsigned int octavo_zones(struct octavo_machine *machine,
			  struct octavo_zone_info *zones, unsigned int max)
{
	struct host_cpu before = look_at(machine_of(machine));
	struct zone *zone;
	unsigned int n = 0;

	for_each_zone(zone) {
		if (!zone->spanned_pages)
			continue;
		if (n < max)
			zone_info(zone, &zones[n]);
		n++;
	}
	look_back(&before);
	return n;
}

/* Fills caches[n] while n < max, and counts. */
struct caches_read {
	struct octavo_cache_info *caches;
	unsigned int n, max;
};

static void cache_info(const struct slab_info *info, void *ctx)
{
	struct caches_read *r = ctx;
	struct octavo_cache_info *c;

	if (r->n++ >= r->max)
		return;
	c = &r->caches[r->n - 1];
	*c = (struct octavo_cache_info){
		.object_size = info->object_size,
		.size = info->size,
		.per_slab = info->per_slab,
		.slab_pages = info->slab_pages,
		.used = info->used,
		.cached = info->cached,
		.slabs = info->slabs,
		.empty_slabs = info->empty_slabs,
	};
	strscpy(c->name, info->name, sizeof(c->name));
}

unsigned int octavo_caches(struct octavo_machine *machine,
			   struct octavo_cache_info *caches, unsigned int max)
{
	struct host_cpu before = look_at(machine_of(machine));
	struct caches_read r = { .caches = caches, .max = max };

	slab_info_for_each(cache_info, &r);
	look_back(&before);
	return r.n;
}

void octavo_pools(struct octavo_machine *machine,
		  struct octavo_pools_info *info)
{
	const struct slab_state *s = &machine_of(machine)->slab;

	*info = (struct octavo_pools_info){
		.pools = (uint64_t)atomic_long_read(&s->nr_pools),
		.wanted = (uint64_t)atomic_long_read(&s->pool_wanted),
		.kept = (uint64_t)atomic_long_read(&s->pool_kept),
	};
}

void octavo_percpu(struct octavo_machine *machine,
		   struct octavo_percpu_info *info)
{
	struct machine *m = machine_of(machine);
	struct host_cpu before = look_at(m);
	struct percpu_state *s = &m->percpu;
	unsigned long flags;

	spin_lock_irqsave(&s->lock, flags);
	*info = (struct octavo_percpu_info){
		.static_bytes = m->percpu_unit_size,
		.unit_bytes = PERCPU_UNIT_SIZE,
		.chunks = s->nr_chunks,
		.objects = s->nr_objects,
		.object_bytes = s->nr_granules * PERCPU_GRANULE,
		.allocs = s->nr_allocs,
		.failed = s->nr_failed,
	};
	spin_unlock_irqrestore(&s->lock, flags);
	look_back(&before);
}

/* Online CPUs of node @nid. */
static unsigned int node_cpus(const struct machine *m, int nid)
{
	unsigned int cpu, n = 0;

	for_each_cpu(cpu, &m->cpu_online)
		n += m->cpu_node[cpu] == nid;
	return n;
}

unsigned int octavo_nodes(struct octavo_machine *machine,
			  struct octavo_node_info *nodes, unsigned int max)
{
	struct machine *m = machine_of(machine);
	struct host_cpu before = look_at(m);
	struct pglist_data *pgdat;
	unsigned int n = 0;

	for_each_online_pgdat(pgdat) {
		if (n < max)
			nodes[n] = (struct octavo_node_info){
				.node = (unsigned int)pgdat->node_id,
				.start_pfn = pgdat->node_start_pfn,
				.spanned = pgdat->node_spanned_pages,
				.present = pgdat->node_present_pages,
				.nr_cpus = node_cpus(m, pgdat->node_id),
			};
		n++;
	}
	look_back(&before);
	return n;
}

int octavo_distance(struct octavo_machine *machine, unsigned int from,
		    unsigned int to)
{
	struct host_cpu before = look_at(machine_of(machine));
	int d = node_distance((int)from, (int)to);

	look_back(&before);
	return d;
}

void octavo_info(struct octavo_machine *machine, struct octavo_info *info)
{
	struct machine *m = machine_of(machine);
	struct host_cpu before = look_at(m);
	struct pglist_data *pgdat;
	struct zone *zone;

	*info = (struct octavo_info){
		.nr_cpus = cpumask_weight(&m->cpu_online),
		.struct_page_size = sizeof(struct page),
		.boot_cpu_ns = m->arch.boot_cpu_ns,
		.boot_wall_ns = m->arch.boot_wall_ns,
		.resident = host_arena_resident(m->arch.arena),
	};
	for_each_online_pgdat(pgdat)
		info->nr_nodes++;
	for_each_populated_zone(zone) {
		info->present += zone->present_pages;
		info->managed += zone_managed_pages(zone);
	}
	info->free = global_zone_page_state(NR_FREE_PAGES);
	info->ram = info->present << PAGE_SHIFT;
	info->memmap_bytes = (u64)atomic_long_read(
		&m->page_alloc.vm_stat[NR_MEMMAP_BOOT_PAGES]) << PAGE_SHIFT;
	look_back(&before);
}
