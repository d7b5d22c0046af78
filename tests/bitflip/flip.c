// SPDX-License-Identifier: MIT
/*
 * One bit of what the page allocator knows, flipped; and what becomes of it.
 *
 * The machine is that of small_zone.h, brought by a seeded workload into a
 * state with pages in use and free, in blocks of all sizes, and on the lists
 * of its CPUs. All memory that the allocator can change is kept aside. For
 * each bit: memory is put back, the bit flipped, and then
 *
 *   1  a workload runs: blocks of several orders taken and given back on both
 *      CPUs, which drain now and then; an array knows who owns each frame
 *   2  x_check() looks at all structures
 *   3  all pages that are left are taken: a page on two lists would come
 *      out twice, and a page on none not at all
 *   4  everything is given back, and x_check() looks again
 *
 * What must not happen is that a page is handed out while somebody owns it
 * and no report, neither then nor before, and no check says that anything is
 * wrong; or that the core touches memory that is not there; or that it does
 * not come back.
 */
#include "flip.h"

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <octavo/random.h>

#include "../../arch/host/os/include/host_os.h"
#include "../host/harness.h"
#include "../page/regions.h"
#include "../page/small_zone.h"

#define GUARD_PAGES	2	/* around the zone, flipped too */

struct block {
	u32 pfn;
	u32 order;
};

/* What the workload knows; kept aside with the rest. */
struct owners {
	u64 rng;
	u8 owned[SMALL_MAX];		/* by somebody, by frame of the zone */
	struct block blocks[SMALL_MAX];	/* in use */
	unsigned int nr;		/* blocks */
	unsigned long nr_owned;		/* frames */
	bool twice;			/* a frame came that somebody owns, or
					 * that is not the zone's */
	unsigned long leaked;		/* frames that never came */
};

struct region {
	const char *name;
	u8 *at;
	u8 *kept;			/* as it was */
	size_t size;			/* bytes */
};

static struct flip_test {
	struct flip_options o;
	struct zone *zone;
	unsigned long start;
	struct region regions[FLIP_REGIONS];
	unsigned int nr_regions;
	unsigned int nr_state, nr_flip;	/* what is decided by comes first, then
					 * bases; the rest is only put back */
	struct owners now;
	long bad;				/* reports before the run */
	bool sound;				/* so said the checks */
	int keep;				/* REGION_* that is being kept;
						 * REGION_COUNTS: all others */
} ft;

/* ---- regions ----------------------------------------------------------- */

static void region_keep(void *ctx, const char *name, void *at, size_t size,
			enum region_kind kind)
{
	struct region *r = &ft.regions[ft.nr_regions];

	if (ft.keep != (ctx ? (int)kind : REGION_COUNTS))
		return;
	BUG_ON(ft.nr_regions == FLIP_REGIONS);
	*r = (struct region){ name, at, host_pages_alloc(size), size };
	if (!r->kept)
		panic("bit flips: no memory for %s", name);
	memcpy(r->kept, at, size);
	ft.nr_regions++;
}

static void regions_of(enum region_kind kind)
{
	struct zone *zone;
	unsigned int cpu;

	ft.keep = kind;
	for_each_populated_zone(zone)
		zone_regions(zone, region_keep, zone == ft.zone ? zone : NULL);
	for_each_possible_cpu(cpu) {
		for_each_populated_zone(zone)
			if (pcp_of(cpu, zone))
				pcp_regions(pcp_of(cpu, zone), region_keep,
					    zone == ft.zone ? zone : NULL);
		pcp_front_regions(cpu, region_keep, &ft);
	}
	page_regions(ft.start - GUARD_PAGES,
		     ft.start + ft.o.pages + GUARD_PAGES, region_keep, &ft);
}

/* All the rest that a run may change. */
static void regions_of_others(void)
{
	struct machine *m = this_machine();
	unsigned long end = PFN_DOWN(memblock_end_of_DRAM());
	unsigned int cpu;

	for_each_possible_cpu(cpu)
		region_keep(NULL, "per-CPU area",
			    per_cpu_ptr(&__per_cpu_start[0], cpu),
			    m->percpu_unit_size, REGION_COUNTS);
	region_keep(NULL, "node", NODE_DATA(0), sizeof(pg_data_t),
		    REGION_COUNTS);
	region_keep(NULL, "machine", &m->page_alloc, sizeof(m->page_alloc),
		    REGION_COUNTS);
	region_keep(NULL, "totalram", &m->totalram, sizeof(m->totalram),
		    REGION_COUNTS);
	region_keep(NULL, "struct pages", pfn_to_page(PFN_DOWN(M(16))),
		    (end - PFN_DOWN(M(16))) * sizeof(struct page),
		    REGION_COUNTS);
	region_keep(NULL, "workload", &ft.now, sizeof(ft.now), REGION_COUNTS);
}

static void regions_put_back(void)
{
	unsigned int i;

	for (i = 0; i < ft.nr_regions; i++)
		memcpy(ft.regions[i].at, ft.regions[i].kept,
		       ft.regions[i].size);
}

bool flip_region_bases(unsigned int region)
{
	return region >= ft.nr_state;
}

unsigned int flip_regions(void)
{
	return ft.nr_flip;
}

const char *flip_region_name(unsigned int region)
{
	return ft.regions[region].name;
}

uint64_t flip_bits(void)
{
	uint64_t bits = 0;
	unsigned int i;

	for (i = 0; i < ft.nr_flip; i++)
		bits += ft.regions[i].size * 8;
	return bits;
}

unsigned int flip_where(uint64_t bit, size_t *offset, unsigned int *nr)
{
	unsigned int i = 0;

	while (bit >= ft.regions[i].size * 8)
		bit -= ft.regions[i++].size * 8;
	*offset = bit / 8;
	*nr = bit % 8;
	return i;
}

/* ---- the workload ------------------------------------------------------ */

static void own(struct page *page, unsigned int order)
{
	struct owners *w = &ft.now;
	unsigned long at = page_to_pfn(page) - ft.start, i;

	if (at >= ft.o.pages || at + (1UL << order) > ft.o.pages) {
		w->twice = true;
		return;
	}
	for (i = at; i < at + (1UL << order); i++) {
		w->twice |= w->owned[i];
		w->owned[i] = true;
	}
	/* Frames that come twice have two blocks: all are given back. */
	if (w->nr == SMALL_MAX)
		return;
	w->blocks[w->nr++] = (struct block){ (u32)(ft.start + at), order };
	w->nr_owned += 1UL << order;
}

static bool take(unsigned int order, gfp_t type)
{
	struct page *page = alloc_pages(GFP_ATOMIC | __GFP_DMA | __GFP_NOWARN |
					__GFP_MEMALLOC | type, order);

	if (page)
		own(page, order);
	return page;
}

static void give(unsigned int i)
{
	struct owners *w = &ft.now;
	struct block b = w->blocks[i];
	unsigned long at = b.pfn - ft.start, n = 1UL << b.order;

	w->blocks[i] = w->blocks[--w->nr];
	memset(w->owned + at, false, n);
	w->nr_owned -= n;
	__free_pages(pfn_to_page((unsigned long)b.pfn), b.order);
}

static void workload_step(void)
{
	static const u8 orders[] = { 0, 0, 0, 0, 0, 1, 1, 2, 3, 4, 5 };
	static const gfp_t types[] = { 0, __GFP_MOVABLE, __GFP_MOVABLE,
				       __GFP_RECLAIMABLE };
	struct owners *w = &ft.now;
	u64 n = random_next(&w->rng);

	small_zone_cpu(n % ft.o.cpus);
	n >>= 8;
	if (n % 64 == 0)
		drain_all_pages(NULL);
	else if (n % 2 || !w->nr)
		take(orders[(n >> 8) % ARRAY_SIZE(orders)],
		     types[(n >> 16) % ARRAY_SIZE(types)]);
	else
		give((unsigned int)(n >> 8) % w->nr);
}

/* Takes what is left, and sees how much never comes. */
static void workload_exhaust(void)
{
	struct owners *w = &ft.now;
	unsigned int n = 0;

	drain_all_pages(NULL);
	while (n < 2 * ft.o.pages && take(0, n % 3 ? __GFP_MOVABLE : 0))
		n++;
	w->twice |= n == 2 * ft.o.pages;
	w->leaked = ft.o.pages > w->nr_owned ? ft.o.pages - w->nr_owned : 0;
}

static void workload_end(void)
{
	while (ft.now.nr)
		give(ft.now.nr - 1);
	drain_all_pages(NULL);
}

static void check(void)
{
	if (!buddy_zone_check(ft.zone) || !pcp_check())
		ft.sound = false;
}

static void run(void *arg)
{
	unsigned int i;

	for (i = 0; i < ft.o.steps; i++)
		workload_step();
	check();
	workload_exhaust();
	workload_end();
	check();
}

/* ---- one flip ---------------------------------------------------------- */

static long reports(void)
{
	return atomic_long_read(&this_machine()->page_alloc.nr_bad);
}

static enum flip_outcome outcome(void)
{
	bool reported = reports() != ft.bad;

	if (ft.now.twice)
		return reported || !ft.sound ? FLIP_TWICE_NOTICED : FLIP_TWICE;
	if (reported)
		return FLIP_REPORTED;
	if (!ft.sound)
		return FLIP_CHECKED;
	return ft.now.leaked ? FLIP_LEAKED : FLIP_HARMLESS;
}

enum flip_outcome flip_run(uint64_t bit)
{
	size_t offset;
	unsigned int nr, region;

	regions_put_back();
	ft.bad = reports();
	ft.sound = true;
	if (bit < flip_bits()) {
		region = flip_where(bit, &offset, &nr);
		ft.regions[region].at[offset] ^= (u8)(1 << nr);
	}
	if (host_catch(run, NULL))
		return FLIP_STOPPED;
	return outcome();
}

void flip_log(void (*emit)(void *ctx, const char *s, size_t n), void *ctx)
{
	log_for_each(emit, ctx);
}

static void setup(void *arg)
{
	unsigned int i;

	ft.start = small_zone_start(ft.o.pages);
	ft.zone = small_zone_machine(ft.o.pages, ft.o.cpus, ft.o.keep);
	ft.now.rng = ft.o.seed;
	console_loglevel_set(0);
	for (i = 0; i < 4 * ft.o.pages; i++)
		workload_step();
	regions_of(REGION_STATE);
	ft.nr_state = ft.nr_regions;
	regions_of(REGION_BASES);
	ft.nr_flip = ft.nr_regions;
	regions_of(REGION_COUNTS);
	regions_of_others();
}

int flip_setup(const struct flip_options *o)
{
	memset(&ft, 0, sizeof(ft));
	ft.o = *o;
	if (harness_machine(EARLY_BYTES, false))
		return -ENOMEM;
	if (host_catch(setup, NULL))
		return -EIO;
	return flip_run(flip_bits()) == FLIP_HARMLESS ? 0 : -EINVAL;
}
