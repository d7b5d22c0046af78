// SPDX-License-Identifier: MIT
/*
 * From options to a plan.
 *
 * Memory comes from a map's text, or is laid out as a PC of that size has it
 * (QEMU's i440FX has the same):
 *
 *   0      640K    960K  1M                    3G            4G
 *   |  RAM  |  ISA  |ROM |  RAM ...            |  devices    |  RAM ...
 *
 * RAM below 1 MiB that the ISA hole hides counts as given, as on a real PC.
 *
 * Nodes share the RAM evenly, in order of addresses: node n ends where
 * (n + 1) / nr_nodes of it lie below, rounded down to a block of the largest
 * order where a node has several. A node is one span, which may have holes.
 */
#include "plan.h"

#include <linux/align.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/mmzone_types.h>
#include <linux/string.h>
#include <linux/threads.h>

#include <asm/acpi.h>
#include <asm/e820/api.h>
#include <asm/page.h>

#define PC_BASE_END	0x9fc00ULL	/* the extended BIOS data area */
#define PC_ISA_HOLE	0xa0000ULL
#define PC_ROM		0xf0000ULL
#define PC_HIGH		0x100000ULL	/* 1 MiB */

#define DEFAULT_MEMORY	(256ULL << 20)
#define LOCAL_DISTANCE	10	/* ACPI's, of a node to itself */

static_assert(MAX_NUMNODES == OCTAVO_MAX_NODES, "octavo.h says how many nodes");
static_assert(NR_CPUS == OCTAVO_MAX_CPUS, "octavo.h says how many CPUs");
static_assert(1ULL << MAX_PHYSMEM_BITS == OCTAVO_MAX_MEMORY,
	      "octavo.h says how much memory");

int host_error(struct octavo_error *err, int code, const char *fmt, ...)
{
	va_list args;

	err->code = code;
	va_start(args, fmt);
	vscnprintf(err->text, sizeof(err->text), fmt, args);
	va_end(args);
	return code;
}

/* ---- memory ---------------------------------------------------------- */

/* Adds [start, end) of what is below @limit. */
static void pc_add(struct e820_table *map, u64 start, u64 end, u64 limit,
		   enum e820_type type)
{
	end = min(end, limit);
	if (start < end)
		e820_table_add(map, start, end - start, type);
}

static void pc_layout(struct e820_table *map, u64 memory)
{
	u64 low = min(memory, PC_LOW_END);

	pc_add(map, 0, PC_BASE_END, low, E820_TYPE_RAM);
	pc_add(map, PC_BASE_END, PC_ISA_HOLE, PC_ISA_HOLE, E820_TYPE_RESERVED);
	pc_add(map, PC_ROM, PC_HIGH, PC_HIGH, E820_TYPE_RESERVED);
	pc_add(map, PC_HIGH, low, low, E820_TYPE_RAM);
	if (memory > low)
		e820_table_add(map, PC_ABOVE_4G, memory - low, E820_TYPE_RAM);
}

static int plan_hole(struct host_plan *plan, unsigned int i,
		     struct octavo_error *err)
{
	const struct octavo_range *hole = &plan->options->holes[i];

	if (!IS_ALIGNED(hole->start | hole->size, PAGE_SIZE) || !hole->size)
		return host_error(err, -EINVAL,
				  "hole %u at %#llx: %llu bytes are not whole pages of 4096",
				  i, (u64)hole->start, (u64)hole->size);
	e820_table_remove(&plan->map, hole->start, hole->size, E820_TYPE_RAM,
			  true);
	if (plan->map.nr_lost)
		return host_error(err, -ENOSPC,
				  "%u holes: more than %u ranges of memory",
				  plan->options->nr_holes, E820_MAX_ENTRIES);
	return 0;
}

static int plan_memory(struct host_plan *plan, struct octavo_error *err)
{
	u64 memory = plan->options->memory ? plan->options->memory :
		     DEFAULT_MEMORY;
	unsigned int i;
	int ret;

	if (!IS_ALIGNED(memory, PAGE_SIZE))
		return host_error(err, -EINVAL,
				  "memory of %llu bytes is not a multiple of the page size, 4096",
				  memory);
	/* The hole below 4 GiB moves RAM up by its size. */
	if (memory > OCTAVO_MAX_MEMORY - (PC_ABOVE_4G - PC_LOW_END))
		return host_error(err, -E2BIG,
				  "memory of %llu bytes would end above 16 TiB",
				  memory);
	pc_layout(&plan->map, memory);
	e820_table_sanitize(&plan->map);
	for (i = 0; i < plan->options->nr_holes; i++) {
		ret = plan_hole(plan, i, err);
		if (ret)
			return ret;
	}
	return 0;
}

struct map_report {
	struct octavo_error *err;
	const char *name;
};

/* Keeps the first bad line. */
static void map_bad_line(void *ctx, unsigned int line, const char *text,
			 size_t n, const char *reason)
{
	struct map_report *r = ctx;

	if (!r->err->code)
		host_error(r->err, -EINVAL, "%s:%u: \"%.*s\": %s", r->name,
			   line, (int)min_t(size_t, n, HOST_LINE_SHOWN), text,
			   reason);
}

static int plan_map(struct host_plan *plan, struct octavo_error *err)
{
	const struct octavo_input *in = &plan->options->map;
	struct map_report r = { err, host_input_name(in, "map") };

	if (plan->options->memory || plan->options->nr_holes)
		return host_error(err, -EINVAL,
				  "a map and a size or holes of memory are given: one of them, please");
	if (plan->options->map_format == OCTAVO_MAP_IOMEM)
		iomem_parse(&plan->map, in->data, in->size, map_bad_line, &r);
	else
		e820_parse_dmesg(&plan->map, in->data, in->size, map_bad_line,
				 &r);
	if (plan->map.nr_entries) {
		/* The machine reports bad lines, and runs on the others. */
		err->code = 0;
		err->text[0] = '\0';
		return 0;
	}
	if (err->code)
		return err->code;
	return host_error(err, -ENODATA, "%s: no memory map in it", r.name);
}

/* RAM that a struct page cannot name is left out while starting. */
static int plan_check_ram(struct host_plan *plan, struct octavo_error *err)
{
	const struct e820_table *map = &plan->map;
	u32 i;

	for (i = 0; i < map->nr_entries; i++)
		if (map->entries[i].type == E820_TYPE_RAM)
			break;
	if (i == map->nr_entries)
		return host_error(err, -ENOMEM, "no usable RAM in the map");
	if (map->entries[i].addr >= OCTAVO_MAX_MEMORY)
		return host_error(err, -E2BIG,
				  "RAM from %#llx on: above 16 TiB, more than a struct page can name",
				  map->entries[i].addr);
	return 0;
}

/* ---- high memory ------------------------------------------------------ */

static int plan_lowmem(const struct octavo_options *o,
		       struct octavo_error *err)
{
	if (!IS_ALIGNED(o->lowmem, PAGE_SIZE))
		return host_error(err, -EINVAL,
				  "low memory of %llu bytes is not a multiple of the page size, 4096",
				  (u64)o->lowmem);
	if (o->lowmem > HOST_LOWMEM_MAX)
		return host_error(err, -E2BIG,
				  "low memory of %llu bytes: a machine of 32 bits has addresses for %llu at most",
				  (u64)o->lowmem, HOST_LOWMEM_MAX);
	return 0;
}

/* ---- topology -------------------------------------------------------- */

/* The address below which @bytes of the map's RAM lie. */
static u64 ram_offset_to_addr(const struct e820_table *map, u64 bytes)
{
	u64 end = 0;
	u32 i;

	for (i = 0; i < map->nr_entries; i++) {
		const struct e820_entry *e = &map->entries[i];

		if (e->type != E820_TYPE_RAM)
			continue;
		if (bytes <= e->size)
			return e->addr + bytes;
		bytes -= e->size;
		end = e->addr + e->size;
	}
	return end;
}

static int plan_nodes(struct host_plan *plan, struct octavo_error *err)
{
	u64 ram = e820_table_bytes(&plan->map, E820_TYPE_RAM), share;
	u64 block = MAX_ORDER_NR_PAGES << PAGE_SHIFT;
	unsigned int n, nr = plan->options->nodes;

	if (!nr)
		return 0;
	share = ram / nr;
	if (share < PAGE_SIZE)
		return host_error(err, -EINVAL,
				  "%u nodes: a node has less than a page of the %llu bytes",
				  nr, ram);
	if (share < 2 * block)
		block = PAGE_SIZE;
	for (n = 0; n < nr; n++)
		plan->node_end[n] = ALIGN_DOWN(
			ram_offset_to_addr(&plan->map, share * (n + 1)), block);
	plan->node_end[nr - 1] = 1ULL << MAX_PHYSMEM_BITS;
	plan->nr_nodes = nr;
	return 0;
}

static int plan_distances(const struct octavo_options *o,
			  struct octavo_error *err)
{
	unsigned int i, j;

	for (i = 0; o->distances && i < o->nodes; i++) {
		for (j = 0; j < o->nodes; j++) {
			unsigned int d = o->distances[i * o->nodes + j];

			if ((i == j) != (d == LOCAL_DISTANCE) ||
			    d < LOCAL_DISTANCE)
				return host_error(err, -EINVAL,
						  "distance from node %u to %u is %u: must be 10 to itself, more to others",
						  i, j, d);
		}
	}
	return 0;
}

static int plan_check_counts(const struct octavo_options *o,
			     struct octavo_error *err)
{
	if (o->nodes > MAX_NUMNODES)
		return host_error(err, -EINVAL, "%u nodes: at most %u",
				  o->nodes, MAX_NUMNODES);
	if (o->cpus > NR_CPUS)
		return host_error(err, -EINVAL, "%u CPUs: at most %u",
				  o->cpus, NR_CPUS);
	if (o->nodes && (o->srat.data || o->slit.data))
		return host_error(err, -EINVAL,
				  "a number of nodes and an SRAT or SLIT are given: one of them, please");
	if (o->cpus && o->madt.data)
		return host_error(err, -EINVAL,
				  "a number of CPUs and a MADT are given: one of them, please");
	if (o->distances && !o->nodes)
		return host_error(err, -EINVAL,
				  "distances are given without a number of nodes");
	return plan_distances(o, err);
}

/*
 * Another kind of table is the caller's mistake. One that is damaged is the
 * firmware's: the machine reports it and starts without.
 */
static int plan_check_table(const struct octavo_input *in, const char *sig,
			    struct octavo_error *err)
{
	if (!in->data)
		return 0;
	if (!in->size)
		return host_error(err, -EINVAL, "%s: is empty",
				  host_input_name(in, sig));
	if (in->size >= 4 && memcmp(in->data, sig, 4))
		return host_error(err, -EINVAL,
				  "%s: starts with \"%.4s\", not with \"%s\"",
				  host_input_name(in, sig), (const char *)in->data,
				  sig);
	return 0;
}

static int plan_topology(struct host_plan *plan, struct octavo_error *err)
{
	const struct octavo_options *o = plan->options;
	int ret = plan_check_counts(o, err);

	if (!ret)
		ret = plan_check_table(&o->srat, ACPI_SIG_SRAT, err);
	if (!ret)
		ret = plan_check_table(&o->slit, ACPI_SIG_SLIT, err);
	if (!ret)
		ret = plan_check_table(&o->madt, ACPI_SIG_MADT, err);
	if (!ret)
		ret = plan_nodes(plan, err);
	plan->nr_cpus = o->cpus;
	if (!o->cpus && !o->madt.data)
		plan->nr_cpus = 1;
	return ret;
}

int host_plan_make(struct host_plan *plan, const struct octavo_options *options,
		   struct octavo_error *err)
{
	int ret;

	memset(plan, 0, sizeof(*plan));
	err->code = 0;
	err->text[0] = '\0';
	plan->options = options;
	ret = options->map.data ? plan_map(plan, err) : plan_memory(plan, err);
	if (!ret)
		ret = plan_check_ram(plan, err);
	if (!ret)
		ret = plan_lowmem(options, err);
	if (!ret)
		ret = host_plan_devices(plan, err);
	if (!ret)
		ret = plan_topology(plan, err);
	return ret;
}
