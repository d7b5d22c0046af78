// SPDX-License-Identifier: MIT
/*
 * Who allocated each page, and who freed it last.
 *
 *   records[pfn / CHUNK] ──► [ record | record | .. ]   one a frame, in memory
 *                  NULL      of frames that are no memory     of their node
 *   record ── handle, free_handle ──► stack depot
 *
 * Made at start-up from memblock, with page_owner=on alone; frames that
 * start-up itself took have no owner. Every page of a block has a whole
 * record, so that what is split or freed in part keeps it. The stack that
 * allocated a page counts it in the depot until it is freed.
 *
 * Invariants (page_owner_check()), while nobody allocates or frees:
 *   I1  a page is `allocated` only when it is `known`
 *   I2  the pages of an allocated block agree on order and stack
 *   I3  the depot counts as many pages as are allocated with a stack
 *
 * Locks: none. Who allocates or frees has the page to himself; who reads may
 * see it change, and then shows a mixture of two owners.
 *
 * Failure: without memory for the records it is off, which is said.
 *
 * Differs from Linux: tgid is pid, as there are no processes yet.
 */
#include "page_debug.h"

#include <linux/page_owner.h>

#include <linux/errno.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/memblock.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/stacktrace.h>
#include <linux/string.h>

/* 16 MiB of frames: their records are 224 KiB, and holes cost a pointer. */
#define CHUNK		(4UL * MAX_ORDER_NR_PAGES)
#define STACK_DEPTH	16	/* frames kept, as in Linux */
/* The depot's part of all memory, and its limits: some thousand stacks. */
#define DEPOT_PART	256
#define DEPOT_MIN	(256UL << 10)
#define DEPOT_MAX	(16UL << 20)

static_assert(PAGE_OWNER_COMM == TASK_COMM_LEN, "a name fits a record");

/* ---- records ----------------------------------------------------------- */

static struct page_owner *owner_of(unsigned long pfn)
{
	const struct page_alloc_state *pa = page_alloc_state();
	struct page_owner *chunk;

	if (!pa->owner || pfn / CHUNK >= pa->nr_owner_chunks)
		return NULL;
	chunk = pa->owner[pfn / CHUNK];
	return chunk ? chunk + pfn % CHUNK : NULL;
}

const struct page_owner *page_owner_of(unsigned long pfn)
{
	return owner_of(pfn);
}

bool page_owner_enabled(void)
{
	return page_alloc_state()->debug & PAGE_DEBUG_OWNER;
}

static void *__init setup_alloc(size_t size, int nid)
{
	return memblock_alloc_try_nid(size, SMP_CACHE_BYTES,
				      MEMBLOCK_LOW_LIMIT,
				      MEMBLOCK_ALLOC_ACCESSIBLE, nid);
}

/* The records of each chunk that [start, end) touches. */
static bool __init chunks_setup(unsigned long start, unsigned long end,
				int nid)
{
	struct page_owner **owner = page_alloc_state()->owner;
	unsigned long i;

	for (i = start / CHUNK; i <= (end - 1) / CHUNK; i++) {
		unsigned long frames = min(CHUNK, max_pfn - i * CHUNK);

		if (owner[i])
			continue;
		owner[i] = setup_alloc(frames * sizeof(**owner), nid);
		if (!owner[i])
			return false;
	}
	return true;
}

static bool __init records_setup(void)
{
	struct page_alloc_state *pa = page_alloc_state();
	unsigned long start, end;
	int i, nid;

	pa->nr_owner_chunks = DIV_ROUND_UP(max_pfn, CHUNK);
	pa->owner = setup_alloc(pa->nr_owner_chunks * sizeof(*pa->owner),
				NUMA_NO_NODE);
	if (!pa->owner)
		return false;
	for_each_mem_pfn_range(i, MAX_NUMNODES, &start, &end, &nid)
		if (!chunks_setup(start, end, nid))
			return false;
	return true;
}

bool __init page_owner_setup(void)
{
	size_t size = clamp((size_t)memblock_phys_mem_size() / DEPOT_PART,
			    (size_t)DEPOT_MIN, (size_t)DEPOT_MAX);
	void *depot = setup_alloc(size, NUMA_NO_NODE);

	if (depot && records_setup()) {
		stack_depot_setup(depot, size);
		pr_info("page_owner is enabled: %u bytes a page, a depot of %u KiB\n",
			(unsigned int)sizeof(struct page_owner),
			(unsigned int)(size >> 10));
		return true;
	}
	page_alloc_state()->owner = NULL;
	pr_err("page_owner: no memory for %u bytes a page of %lu: off\n",
	       (unsigned int)sizeof(struct page_owner), max_pfn);
	return false;
}

/* ---- keeping them ------------------------------------------------------ */

static noinline depot_stack_handle_t stack_save(gfp_t gfp)
{
	unsigned long entries[STACK_DEPTH];
	/* Not this function and its caller. */
	unsigned int nr = stack_trace_save(entries, STACK_DEPTH, 2);

	return stack_depot_save(entries, nr, gfp);
}

static void owner_thread(int *pid, char *comm)
{
	const struct task_struct *task = current;

	*pid = task ? task->pid : 0;
	if (comm)
		strscpy(comm, task ? task->comm : "swapper", PAGE_OWNER_COMM);
}

void page_owner_alloc(struct page *page, unsigned int order, gfp_t gfp)
{
	struct page_owner *o = owner_of(page_to_pfn(page));
	struct page_owner record = {
		.ts_nsec = port_clock_ns(), .handle = stack_save(gfp),
		.gfp_mask = gfp, .order = (u8)order, .allocated = true,
		.known = true,
	};
	unsigned long i;

	owner_thread(&record.pid, record.comm);
	stack_depot_count(record.handle, 1L << order);
	/* A block lies in one chunk, which is a multiple of the largest. */
	for (i = 0; o && i < 1UL << order; i++, o++) {
		record.free_ts_nsec = o->free_ts_nsec;
		record.free_handle = o->free_handle;
		record.free_pid = o->free_pid;
		*o = record;
	}
}

void page_owner_free(struct page *page, unsigned int order)
{
	struct page_owner *o = owner_of(page_to_pfn(page));
	depot_stack_handle_t handle = stack_save(0);
	u64 now = port_clock_ns();
	unsigned long i;
	int pid;

	owner_thread(&pid, NULL);
	for (i = 0; o && i < 1UL << order; i++, o++) {
		/* What start-up took is freed without having been counted. */
		if (o->allocated)
			stack_depot_count(o->handle, -1);
		o->allocated = false;
		o->free_handle = handle;
		o->free_ts_nsec = now;
		o->free_pid = pid;
	}
}

void page_owner_split(struct page *page, unsigned int order)
{
	struct page_owner *o = owner_of(page_to_pfn(page));
	unsigned long i;

	for (i = 0; o && i < 1UL << order; i++, o++)
		o->order = 0;
}

/* ---- showing them ------------------------------------------------------ */

static void stack_or_missing(depot_stack_handle_t handle, const char *what)
{
	if (handle)
		stack_depot_print(handle);
	else
		pr_alert("page_owner %s stack trace missing\n", what);
}

void page_owner_dump(const struct page *page)
{
	const struct page_owner *o = owner_of(page_to_pfn(page));
	char gfp[256];
	int type;

	if (!o || (!o->known && !o->free_ts_nsec)) {
		pr_alert("page_owner info is not present (never set?)\n");
		return;
	}
	pr_alert("page_owner tracks the page as %s\n",
		 o->allocated ? "allocated" : "freed");
	if (o->known) {
		type = gfp_migratetype(o->gfp_mask);
		pr_alert("page last allocated via order %u, migratetype %s, gfp_mask %#x(%s), pid %d, tgid %d (%s), ts %llu, free_ts %llu\n",
			 o->order, migratetype_names[type], o->gfp_mask,
			 gfp_flags_format(gfp, sizeof(gfp), o->gfp_mask),
			 o->pid, o->pid, o->comm, o->ts_nsec,
			 o->free_ts_nsec);
		stack_or_missing(o->handle, "allocation");
	}
	if (o->free_ts_nsec)
		pr_alert("page last free pid %d tgid %d stack trace:\n",
			 o->free_pid, o->free_pid);
	stack_or_missing(o->free_handle, "free");
}

static void owner_show(struct seq_file *m, unsigned long pfn,
		       const struct page_owner *o)
{
	const struct page *page = pfn_to_page(pfn);
	char text[256];

	seq_printf(m, "Page allocated via order %u, mask %#x(%s), pid %d, tgid %d (%s), ts %llu ns\n",
		   o->order, o->gfp_mask,
		   gfp_flags_format(text, sizeof(text), o->gfp_mask),
		   o->pid, o->pid, o->comm, o->ts_nsec);
	seq_printf(m, "PFN 0x%lx type %s Block %lu type %s Flags %#x(%s)\n",
		   pfn, migratetype_names[gfp_migratetype(o->gfp_mask)],
		   pfn >> pageblock_order,
		   migratetype_names[get_pageblock_migratetype(page)],
		   page_flags_read(page),
		   page_flags_format(text, sizeof(text), page));
	stack_depot_show(m, o->handle);
	seq_putc(m, '\n');
}

/* The first record of an allocated block is the one that is shown. */
static bool owner_is_block(unsigned long pfn, const struct page_owner *o)
{
	return o->allocated && IS_ALIGNED(pfn, 1UL << o->order);
}

int page_owner_show(struct seq_file *m)
{
	unsigned long pfn;

	if (!page_owner_enabled())
		return -ENODATA;
	for (pfn = 0; pfn < max_pfn; pfn++) {
		const struct page_owner *o = owner_of(pfn);
		struct page_owner now;

		if (!o) {
			pfn |= CHUNK - 1;
			continue;
		}
		now = *o;
		if (owner_is_block(pfn, &now))
			owner_show(m, pfn, &now);
		if (!(pfn % CHUNK))
			cond_resched();
	}
	return 0;
}

int page_owner_stacks_show(struct seq_file *m)
{
	depot_stack_handle_t handle = 0;
	long pages = LONG_MAX;

	if (!page_owner_enabled())
		return -ENODATA;
	while ((handle = stack_depot_next_counted(&pages, handle))) {
		stack_depot_show(m, handle);
		seq_printf(m, "nr_base_pages: %ld\n\n", pages);
		cond_resched();
	}
	return 0;
}

/* ---- checking them ----------------------------------------------------- */

/* I1 and I2 of one frame; counts it for I3. */
static const char *owner_check(unsigned long pfn, const struct page_owner *o,
			       long *pages)
{
	const struct page_owner *head = o - (pfn & ((1UL << o->order) - 1));

	if (!o->allocated)
		return NULL;
	if (!o->known)
		return "I1: a page is allocated and not known";
	if (head->order != o->order || head->handle != o->handle)
		return "I2: the pages of a block do not agree";
	*pages += o->handle != 0;
	return NULL;
}

const char *page_owner_check(void)
{
	const char *fault = NULL;
	unsigned long pfn;
	long pages = 0;

	for (pfn = 0; pfn < max_pfn && !fault; pfn++) {
		const struct page_owner *o = owner_of(pfn);

		if (o)
			fault = owner_check(pfn, o, &pages);
		else
			pfn |= CHUNK - 1;
	}
	if (!fault && pages != stack_depot_counted())
		fault = "I3: the depot counts other pages than are allocated";
	return fault;
}
