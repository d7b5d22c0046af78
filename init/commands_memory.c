// SPDX-License-Identifier: MIT
/* The console's commands that take, give back, map and check memory. */
#include "shell_commands.h"

#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/ioport.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/vmstat.h>

struct gfp_name {
	const char *name;
	gfp_t gfp;
};

/* What -z takes, joined by '|' or ','. */
static const struct gfp_name gfp_names[] = {
	{ "DMA", GFP_KERNEL | __GFP_DMA },
	{ "DMA32", GFP_KERNEL | __GFP_DMA32 },
	{ "Normal", GFP_KERNEL },
	{ "HighMem", GFP_HIGHUSER },
	{ "Movable", GFP_HIGHUSER_MOVABLE },
	{ "GFP_ATOMIC", GFP_ATOMIC },
	{ "GFP_KERNEL", GFP_KERNEL },
	{ "GFP_NOWAIT", GFP_NOWAIT },
	{ "GFP_NOIO", GFP_NOIO },
	{ "GFP_NOFS", GFP_NOFS },
	{ "GFP_USER", GFP_USER },
	{ "GFP_DMA", GFP_DMA },
	{ "GFP_DMA32", GFP_DMA32 },
	{ "GFP_HIGHUSER", GFP_HIGHUSER },
	{ "GFP_HIGHUSER_MOVABLE", GFP_HIGHUSER_MOVABLE },
	{ "__GFP_DMA", __GFP_DMA },
	{ "__GFP_DMA32", __GFP_DMA32 },
	{ "__GFP_HIGHMEM", __GFP_HIGHMEM },
	{ "__GFP_MOVABLE", __GFP_MOVABLE },
	{ "__GFP_RECLAIMABLE", __GFP_RECLAIMABLE },
	{ "__GFP_HIGH", __GFP_HIGH },
	{ "__GFP_MEMALLOC", __GFP_MEMALLOC },
	{ "__GFP_NOMEMALLOC", __GFP_NOMEMALLOC },
	{ "__GFP_NORETRY", __GFP_NORETRY },
	{ "__GFP_NOWARN", __GFP_NOWARN },
	{ "__GFP_COMP", __GFP_COMP },
	{ "__GFP_ZERO", __GFP_ZERO },
	{ "__GFP_THISNODE", __GFP_THISNODE },
};

/* One name of @n characters; false when it is unknown. */
static bool gfp_name_find(const char *name, size_t n, gfp_t *gfp)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(gfp_names); i++) {
		if (strlen(gfp_names[i].name) == n &&
		    !strncasecmp(gfp_names[i].name, name, n)) {
			*gfp |= gfp_names[i].gfp;
			return true;
		}
	}
	return false;
}

static int gfp_parse(struct shell *sh, const char *s, gfp_t *gfp)
{
	*gfp = 0;
	for (;;) {
		size_t n = strcspn(s, "|,+");

		if (!gfp_name_find(s, n, gfp)) {
			shell_printf(sh, "alloc: %.*s: no such zone or GFP flag\n",
				     (int)n, s);
			return -ENOENT;
		}
		if (!s[n])
			return 0;
		s += n + 1;
	}
}

static int node_parse(struct shell *sh, const char *s, int *nid)
{
	if (!kstrtoint(s, 10, nid) && *nid >= 0 && *nid < MAX_NUMNODES &&
	    node_online(*nid))
		return 0;
	shell_printf(sh, "alloc: %s: no such node is online\n", s);
	return -ENOENT;
}

struct alloc_args {
	int nid;
	gfp_t gfp;
	unsigned int order;
	unsigned int count;
};

/* Options, then one or two numbers. */
static int alloc_parse(struct shell *sh, int argc, char **argv,
		       struct alloc_args *a)
{
	int i, err = 0;

	*a = (struct alloc_args){ .nid = NUMA_NO_NODE, .gfp = GFP_KERNEL,
				  .count = 1 };
	for (i = 1; i + 1 < argc && argv[i][0] == '-' && !err; i += 2) {
		if (!strcmp(argv[i], "-n"))
			err = node_parse(sh, argv[i + 1], &a->nid);
		else if (!strcmp(argv[i], "-z"))
			err = gfp_parse(sh, argv[i + 1], &a->gfp);
		else
			err = -EINVAL;
	}
	if (err || i >= argc || i + 2 < argc)
		return err ? err : -EINVAL;
	if (kstrtouint(argv[i], 10, &a->order) || a->order > MAX_PAGE_ORDER) {
		shell_printf(sh, "alloc: %s: an order is 0 to %d\n", argv[i],
			     MAX_PAGE_ORDER);
		return -ERANGE;
	}
	if (i + 1 < argc && (kstrtouint(argv[i + 1], 10, &a->count) ||
			     !a->count || a->count > SHELL_BLOCKS)) {
		shell_printf(sh, "alloc: %s: a count is 1 to %d\n",
			     argv[i + 1], SHELL_BLOCKS);
		return -ERANGE;
	}
	return 0;
}

static void block_show(struct shell *sh, const struct shell_block *b)
{
	unsigned long pfn = page_to_pfn(b->page);
	phys_addr_t start = (phys_addr_t)pfn << PAGE_SHIFT;

	shell_printf(sh, "#%d: order %u, node %d, zone %s, pfn %#lx, [mem %#010llx-%#010llx]\n",
		     (int)(b - sh->blocks) + 1, b->order,
		     page_to_nid(b->page), page_zone(b->page)->name, pfn,
		     start, start + ((u64)PAGE_SIZE << b->order) - 1);
}

static struct shell_block *block_place(struct shell *sh)
{
	struct shell_block *b;

	for (b = sh->blocks; b < sh->blocks + SHELL_BLOCKS; b++)
		if (!b->page)
			return b;
	return NULL;
}

static int alloc_one(struct shell *sh, const struct alloc_args *a)
{
	struct shell_block *b = block_place(sh);

	if (!b) {
		shell_printf(sh, "alloc: %d blocks are held already; free some\n",
			     SHELL_BLOCKS);
		return -ENOSPC;
	}
	b->page = a->nid == NUMA_NO_NODE ? alloc_pages(a->gfp, a->order) :
		  alloc_pages_node(a->nid, a->gfp, a->order);
	if (!b->page) {
		shell_printf(sh, "alloc: no memory for order %u\n", a->order);
		return -ENOMEM;
	}
	b->order = a->order;
	block_show(sh, b);
	return 0;
}

int command_alloc(struct shell *sh, int argc, char **argv)
{
	struct alloc_args a;
	int err = alloc_parse(sh, argc, argv, &a);

	for (; !err && a.count; a.count--)
		err = alloc_one(sh, &a);
	return err;
}

static void block_free(struct shell_block *b)
{
	__free_pages(b->page, b->order);
	b->page = NULL;
}

void shell_free_all(struct shell *sh)
{
	struct shell_block *b;

	for (b = sh->blocks; b < sh->blocks + SHELL_BLOCKS; b++)
		if (b->page)
			block_free(b);
}

static int blocks_list(struct shell *sh)
{
	const struct shell_block *b;
	unsigned int n = 0;

	for (b = sh->blocks; b < sh->blocks + SHELL_BLOCKS; b++) {
		if (!b->page)
			continue;
		block_show(sh, b);
		n++;
	}
	if (!n)
		shell_printf(sh, "free: nothing is held\n");
	return 0;
}

int command_free(struct shell *sh, int argc, char **argv)
{
	unsigned int id;
	int i;

	if (argc < 2)
		return blocks_list(sh);
	for (i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "all")) {
			shell_free_all(sh);
			continue;
		}
		if (kstrtouint(argv[i] + (argv[i][0] == '#'), 10, &id) ||
		    !id || id > SHELL_BLOCKS || !sh->blocks[id - 1].page) {
			shell_printf(sh, "free: %s: no such block is held\n",
				     argv[i]);
			return -ENOENT;
		}
		block_free(&sh->blocks[id - 1]);
	}
	return 0;
}

int command_zones(struct shell *sh, int argc, char **argv)
{
	struct zone *zone;

	shell_printf(sh, "%4s %-8s %12s %10s %10s %10s %8s %8s %8s\n", "node",
		     "zone", "start pfn", "present", "managed", "free", "min",
		     "low", "high");
	for_each_populated_zone(zone)
		shell_printf(sh, "%4d %-8s %#12lx %10lu %10lu %10lu %8lu %8lu %8lu\n",
			     zone_to_nid(zone), zone->name,
			     zone->zone_start_pfn, zone->present_pages,
			     zone_managed_pages(zone),
			     zone_page_state(zone, NR_FREE_PAGES),
			     min_wmark_pages(zone), low_wmark_pages(zone),
			     high_wmark_pages(zone));
	return 0;
}

/* The parts of [start, end] that zones have, one a line. */
static void memmap_zones(struct shell *sh, u64 start, u64 end)
{
	struct zone *zone;

	for_each_populated_zone(zone) {
		u64 first = (u64)zone->zone_start_pfn << PAGE_SHIFT;
		u64 last = ((u64)zone_end_pfn(zone) << PAGE_SHIFT) - 1;

		if (last < start || first > end)
			continue;
		shell_printf(sh, "    %#018llx-%#018llx   node %d %s\n",
			     max(first, start), min(last, end),
			     zone_to_nid(zone), zone->name);
	}
}

int command_memmap(struct shell *sh, int argc, char **argv)
{
	const struct resource *r;

	read_lock(&this_machine()->iomem_lock);
	for (r = iomem_resource.child; r; r = r->sibling) {
		shell_printf(sh, "%#018llx-%#018llx %8llu KiB  %s\n",
			     (u64)r->start, (u64)r->end,
			     (u64)resource_size(r) >> 10, r->name);
		if (r->flags & IORESOURCE_SYSTEM_RAM)
			memmap_zones(sh, r->start, r->end);
	}
	read_unlock(&this_machine()->iomem_lock);
	return 0;
}

int command_check(struct shell *sh, int argc, char **argv)
{
	bool good = buddy_check();

	shell_printf(sh, "check: free lists and counters %s\n",
		     good ? "agree" : "do not agree; see dmesg");
	return good ? 0 : -EIO;
}
