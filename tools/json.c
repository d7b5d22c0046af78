/* SPDX-License-Identifier: MIT */
/* A machine as JSON. Counts are pages unless the name says bytes. */
#include <stdlib.h>

#include <cjson/cJSON.h>

#include "octavo.h"

#define MAX_ZONES	(OCTAVO_MAX_NODES * 6)	/* kinds of zone */

static void add(cJSON *object, const char *name, uint64_t value)
{
	/* A double holds integers up to 2^53: 8 PiB in bytes. */
	cJSON_AddNumberToObject(object, name, (double)value);
}

static cJSON *machine_json(struct octavo_machine *m)
{
	struct octavo_info i;
	cJSON *o = cJSON_CreateObject();

	octavo_info(m, &i);
	add(o, "ram_bytes", i.ram);
	add(o, "nodes", i.nr_nodes);
	add(o, "cpus", i.nr_cpus);
	add(o, "present", i.present);
	add(o, "managed", i.managed);
	add(o, "free", i.free);
	add(o, "struct_page_bytes", i.struct_page_size);
	add(o, "memmap_bytes", i.memmap_bytes);
	add(o, "resident_bytes", i.resident);
	add(o, "boot_cpu_ns", i.boot_cpu_ns);
	add(o, "boot_wall_ns", i.boot_wall_ns);
	return o;
}

static cJSON *nodes_json(struct octavo_machine *m)
{
	static struct octavo_node_info nodes[OCTAVO_MAX_NODES];
	unsigned int n = octavo_nodes(m, nodes, OCTAVO_MAX_NODES);
	cJSON *array = cJSON_CreateArray();

	for (unsigned int i = 0; i < n; i++) {
		cJSON *o = cJSON_CreateObject(), *d;

		add(o, "node", nodes[i].node);
		add(o, "start_pfn", nodes[i].start_pfn);
		add(o, "spanned", nodes[i].spanned);
		add(o, "present", nodes[i].present);
		add(o, "cpus", nodes[i].nr_cpus);
		d = cJSON_AddArrayToObject(o, "distances");
		for (unsigned int j = 0; j < n; j++)
			cJSON_AddItemToArray(d, cJSON_CreateNumber(
				octavo_distance(m, nodes[i].node,
						nodes[j].node)));
		cJSON_AddItemToArray(array, o);
	}
	return array;
}

static cJSON *zones_json(struct octavo_machine *m)
{
	static struct octavo_zone_info zones[MAX_ZONES];
	unsigned int n = octavo_zones(m, zones, MAX_ZONES);
	cJSON *array = cJSON_CreateArray();

	for (unsigned int i = 0; i < n; i++) {
		cJSON *o = cJSON_CreateObject();

		add(o, "node", zones[i].node);
		cJSON_AddStringToObject(o, "name", zones[i].name);
		add(o, "start_pfn", zones[i].start_pfn);
		add(o, "spanned", zones[i].spanned);
		add(o, "present", zones[i].present);
		add(o, "managed", zones[i].managed);
		add(o, "free", zones[i].free);
		add(o, "min", zones[i].min);
		add(o, "low", zones[i].low);
		add(o, "high", zones[i].high);
		cJSON_AddItemToArray(array, o);
	}
	return array;
}

static cJSON *caches_json(struct octavo_machine *m)
{
	unsigned int n = octavo_caches(m, NULL, 0);
	struct octavo_cache_info *caches = calloc(n, sizeof(*caches));
	cJSON *array = cJSON_CreateArray();

	/* The machine is this command's alone: n stays as it is. */
	if (caches)
		octavo_caches(m, caches, n);
	for (unsigned int i = 0; caches && i < n; i++) {
		const struct octavo_cache_info *c = &caches[i];
		cJSON *o = cJSON_CreateObject();

		cJSON_AddStringToObject(o, "name", c->name);
		add(o, "object_bytes", c->object_size);
		add(o, "size_bytes", c->size);
		add(o, "per_slab", c->per_slab);
		add(o, "slab_pages", c->slab_pages);
		add(o, "used", c->used);
		add(o, "cached", c->cached);
		add(o, "slabs", c->slabs);
		add(o, "empty_slabs", c->empty_slabs);
		cJSON_AddItemToArray(array, o);
	}
	free(caches);
	return array;
}

static cJSON *pools_json(struct octavo_machine *m)
{
	struct octavo_pools_info i;
	cJSON *o = cJSON_CreateObject();

	octavo_pools(m, &i);
	add(o, "pools", i.pools);
	add(o, "wanted", i.wanted);
	add(o, "kept", i.kept);
	return o;
}

static cJSON *percpu_json(struct octavo_machine *m)
{
	struct octavo_percpu_info i;
	cJSON *o = cJSON_CreateObject();

	octavo_percpu(m, &i);
	add(o, "static_bytes", i.static_bytes);
	add(o, "unit_bytes", i.unit_bytes);
	add(o, "chunks", i.chunks);
	add(o, "objects", i.objects);
	add(o, "object_bytes", i.object_bytes);
	add(o, "allocs", i.allocs);
	add(o, "failed", i.failed);
	return o;
}

void print_json(struct octavo_machine *m, FILE *out)
{
	cJSON *root = cJSON_CreateObject();
	char *text;

	cJSON_AddItemToObject(root, "machine", machine_json(m));
	cJSON_AddItemToObject(root, "nodes", nodes_json(m));
	cJSON_AddItemToObject(root, "zones", zones_json(m));
	cJSON_AddItemToObject(root, "caches", caches_json(m));
	cJSON_AddItemToObject(root, "mempools", pools_json(m));
	cJSON_AddItemToObject(root, "percpu", percpu_json(m));
	text = cJSON_Print(root);
	if (text)
		fprintf(out, "%s\n", text);
	free(text);
	cJSON_Delete(root);
}
