/* SPDX-License-Identifier: MIT */
/*
 * A machine as a tree: nodes, their zones, pools, per-CPU objects, and the
 * caches whose objects lie in them. Sizes are KiB.
 */
#include "octavo.h"

#define MAX_ZONES	(OCTAVO_MAX_NODES * 6)	/* kinds of zone */
#define MAX_CACHES	4096
#define PAGE_KIB	4

static unsigned long long kib(uint64_t pages)
{
	return (unsigned long long)pages * PAGE_KIB;
}

static void print_zones(const struct octavo_zone_info *zones, unsigned int n,
			unsigned int node, FILE *out)
{
	for (unsigned int i = 0; i < n; i++) {
		const struct octavo_zone_info *z = &zones[i];

		if (z->node != node)
			continue;
		fprintf(out, "|   `-- zone %-8s %12llu KiB, free %12llu, marks %llu %llu %llu\n",
			z->name, kib(z->managed), kib(z->free), kib(z->min),
			kib(z->low), kib(z->high));
	}
}

static void print_caches(struct octavo_machine *m, FILE *out)
{
	static struct octavo_cache_info caches[MAX_CACHES];
	unsigned int n = octavo_caches(m, caches, MAX_CACHES), shown = 0;
	uint64_t pages = 0;

	for (unsigned int i = 0; i < n && i < MAX_CACHES; i++) {
		pages += caches[i].slabs * caches[i].slab_pages;
		shown += caches[i].slabs != 0;
	}
	fprintf(out, "`-- caches: %u, %u of them with memory: %llu KiB\n", n,
		shown, kib(pages));
	for (unsigned int i = 0; i < n && i < MAX_CACHES; i++) {
		const struct octavo_cache_info *c = &caches[i];

		if (c->slabs)
			fprintf(out, "    `-- %-22s %8llu KiB, %llu of %llu objects of %u bytes in use, %llu kept by CPUs\n",
				c->name, kib(c->slabs * c->slab_pages),
				(unsigned long long)c->used,
				(unsigned long long)(c->slabs * c->per_slab),
				c->object_size, (unsigned long long)c->cached);
	}
}

static void print_pools(struct octavo_machine *m, FILE *out)
{
	struct octavo_pools_info pools;
	struct octavo_percpu_info percpu;

	octavo_pools(m, &pools);
	octavo_percpu(m, &percpu);
	fprintf(out, "|-- pools: %llu, %llu of %llu elements kept\n",
		(unsigned long long)pools.pools,
		(unsigned long long)pools.kept,
		(unsigned long long)pools.wanted);
	fprintf(out, "|-- per CPU: %llu chunks of %llu KiB, %llu objects of %llu bytes\n",
		(unsigned long long)percpu.chunks,
		(unsigned long long)percpu.unit_bytes >> 10,
		(unsigned long long)percpu.objects,
		(unsigned long long)percpu.object_bytes);
}

void print_tree(struct octavo_machine *m, FILE *out)
{
	static struct octavo_node_info nodes[OCTAVO_MAX_NODES];
	static struct octavo_zone_info zones[MAX_ZONES];
	unsigned int nr_nodes = octavo_nodes(m, nodes, OCTAVO_MAX_NODES);
	unsigned int nr_zones = octavo_zones(m, zones, MAX_ZONES);
	struct octavo_info info;

	octavo_info(m, &info);
	fprintf(out, "machine: %llu KiB, free %llu, struct pages %llu\n",
		kib(info.managed), kib(info.free),
		(unsigned long long)info.memmap_bytes >> 10);
	for (unsigned int i = 0; i < nr_nodes; i++) {
		fprintf(out, "|-- node %u: %llu KiB present, %u CPU%s\n",
			nodes[i].node, kib(nodes[i].present), nodes[i].nr_cpus,
			nodes[i].nr_cpus == 1 ? "" : "s");
		print_zones(zones, nr_zones, nodes[i].node, out);
	}
	print_pools(m, out);
	print_caches(m, out);
}
