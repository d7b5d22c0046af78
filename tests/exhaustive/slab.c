// SPDX-License-Identifier: MIT
/*
 * Every state of a small cache, by the real code.
 *
 * The cache has a few slabs of four objects each and no way to get more: all
 * memory is taken. Its two CPUs have arrays of two objects, and the depot one.
 * From every state that can be reached each call is made: an object allocated
 * or two at once on each CPU, each object that is out freed on each CPU, the
 * CPUs' arrays drained, the second CPU taken off line and brought back. After
 * each of them:
 *
 *   - what was handed out was nobody's
 *   - a request fails only if, once drained, no object is free
 *   - kmem_cache_check(): the invariants of the cache
 *
 * and of each new state: when all is given back and drained no object is out.
 *
 * Then each wrong free is tried from the state: the inside of each object,
 * objects of kmalloc(), pages, what is no memory, and what the CPU freed last.
 * The outcome of each is one report and no change of state at all. Objects
 * that were freed longer ago are only known when they come back to their slab:
 * of these, freed once more and all drained, the outcome is one report, and
 * the slabs know which objects are out.
 *
 * The state is the cache's node, the CPUs' slots, the struct pages of slabs,
 * the arrays and the cache that they come from, and who owns what. Left out
 * are locks' tickets, and what no array holds any more.
 */
#include "driver.h"
#include "slab.h"

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>

#include <octavo/log.h>
#include <octavo/machine.h>

#include "../../arch/host/os/include/host_os.h"
#include "../../mm/slab/internal.h"
#include "../host/harness.h"
#include "search.h"

#define MEMORY		(64ULL << 20)
#define OBJECT_SIZE	1000U		/* four to a page */
#define PER_SLAB	4U
#define MAX_OBJECTS	(3 * PER_SLAB)
#define CAPACITY	2U		/* objects of an array */
#define ARRAY_BYTES	(sizeof(struct slab_array) + CAPACITY * sizeof(void *))
#define NR_ARRAYS	24U		/* more than are ever in use */
#define RECORD_BYTES	320		/* of a state, on average */
#define QUIET		(GFP_NOWAIT | __GFP_NOWARN)

enum op_kind { OP_ALLOC, OP_BULK, OP_FREE, OP_DRAIN, OP_CPU };

struct op {
	enum op_kind kind;
	unsigned int cpu, object;
};

static struct slab_test {
	const struct slab_options *o;
	struct slab_result *result;
	struct search *search;
	struct kmem_cache *cache, *arrays;
	void *object[MAX_OBJECTS];	/* by address */
	unsigned int nr;		/* of them */
	char *array_base;		/* the first array's place */
	void *foreign;			/* an object of kmalloc() */
	u8 out[16] __aligned(8);	/* who is out; part of the state */
	bool failed;
} st;

static void __printf(1, 2) fail(const char *fmt, ...)
{
	char line[256];
	unsigned int ops[64], n, i;
	va_list args;

	if (st.failed)
		return;
	st.failed = true;
	va_start(args, fmt);
	vscnprintf(line, sizeof(line), fmt, args);
	va_end(args);
	search_line(line);
	n = search_path(st.search, ops, ARRAY_SIZE(ops));
	for (i = 0; i < n; i++) {
		scnprintf(line, sizeof(line), "  %u: operation %u", i + 1,
			  ops[i]);
		search_line(line);
	}
}

static void cpu_become(unsigned int cpu)
{
	host_cpu.percpu_offset = this_machine()->percpu_offset[cpu];
}

/* All objects are of node 0; of others CPUs may have arrays, empty ones. */
static struct slab_slot *slot_of(unsigned int cpu)
{
	return slab_slot_of(cpu, st.cache, 0);
}

static bool cpu_on(unsigned int cpu)
{
	return !(per_cpu(slab_front, cpu).section.claimed & CPU_SECTION_OFF);
}

/* ---- the machine ------------------------------------------------------ */

/* Arrays of two, which come from a cache with enough of them. */
static void arrays_start(void)
{
	struct slab_state *s = &this_machine()->slab;
	void *p[NR_ARRAYS];
	unsigned int i;

	st.arrays = kmem_cache_create("tiny_array", ARRAY_BYTES, 0,
				      SLAB_NO_MERGE, NULL);
	BUG_ON(!st.arrays);
	st.arrays->internal |= CACHE_NO_ARRAYS;
	st.arrays->max_free_slabs = 100;
	slab_slots_clear(st.arrays);
	for (i = 0; i < NR_ARRAYS; i++)
		p[i] = kmem_cache_alloc(st.arrays, GFP_KERNEL);
	st.array_base = slab_objects(st.arrays, object_slab(p[0]));
	while (i)
		kmem_cache_free(st.arrays, p[--i]);
	for (i = 0; i < NR_SLAB_ARRAY_SIZES; i++)
		s->array_cache[i] = st.arrays;
}

static void cache_start(void)
{
	unsigned int i, j;

	st.cache = kmem_cache_create("victim", OBJECT_SIZE, 0, SLAB_NO_MERGE,
				     NULL);
	BUG_ON(!st.cache || st.cache->num != PER_SLAB || st.cache->order);
	st.cache->max_free_slabs = 100;
	st.cache->node[0].max_arrays = 1;
	st.nr = st.o->slabs * PER_SLAB;
	for (i = 0; i < st.nr; i++) {
		void *p = kmem_cache_alloc(st.cache, GFP_KERNEL);

		for (j = i; j && st.object[j - 1] > p; j--)
			st.object[j] = st.object[j - 1];
		st.object[j] = p;
	}
	for (i = 0; i < st.nr; i++)
		kmem_cache_free(st.cache, st.object[i]);
	slab_drain(st.cache);
	BUG_ON(st.cache->node[0].nr_slabs != st.o->slabs);
	st.foreign = kmalloc(64, GFP_KERNEL);
}

static void memory_take(void)
{
	while (alloc_page(GFP_ATOMIC | __GFP_MEMALLOC | __GFP_NOWARN))
		;
}

static void node_regions(const char *name, struct kmem_cache *cache)
{
	struct kmem_cache_node *n;

	for_each_cache_node(n, cache) {
		search_region(st.search, name, n, ALIGN(sizeof(*n), 8));
		search_ignore(st.search, &n->lock, sizeof(n->lock));
	}
}

static void regions_add(void)
{
	unsigned int cpu, i;
	int nid;

	node_regions("node", st.cache);
	node_regions("arrays' node", st.arrays);
	for (cpu = 0; cpu < 2; cpu++) {
		for (nid = 0; nid < this_machine()->nr_nodes; nid++)
			search_region(st.search, "slot",
				      slab_slot_of(cpu, st.cache, nid),
				      sizeof(struct slab_slot));
		search_region(st.search, "section",
			      &per_cpu(slab_front, cpu).section,
			      sizeof(struct cpu_section));
	}
	for (i = 0; i < st.nr; i += PER_SLAB)
		search_region(st.search, "slab", virt_to_page(st.object[i]),
			      sizeof(struct page));
	search_region(st.search, "arrays' slab",
		      virt_to_page(st.array_base), sizeof(struct page));
	search_region(st.search, "arrays' index",
		      slab_index_word(st.arrays, virt_to_page(st.array_base),
				      0), sizeof(u64));
	search_region(st.search, "arrays", st.array_base,
		      NR_ARRAYS * ARRAY_BYTES);
	search_region(st.search, "out", st.out, sizeof(st.out));
}

/* Of an array's entries those from @count on say nothing. */
static void array_trim(struct slab_array *array, u32 count)
{
	if (array)
		memset(array->objs + count, 0,
		       (array->capacity - count) * sizeof(void *));
}

static void slot_trim(struct slab_slot *slot)
{
	struct slab_array *array;

	if (slot->high) {
		array = container_of((void *)slot->objs, struct slab_array,
				     objs);
		array->count = 0;
		array_trim(array, slot->count);
	}
	if (slot->spare)
		array_trim(slot->spare, slot->spare->count);
}

/* What nobody reads any more is not part of the state. */
static void forget(void)
{
	u64 free = *slab_index_word(st.arrays, virt_to_page(st.array_base), 0);
	struct kmem_cache_node *n;
	struct slab_array *array;
	unsigned int cpu, i;

	for (i = 0; i < NR_ARRAYS; i++)
		if (free >> i & 1)
			memset(st.array_base + i * ARRAY_BYTES, 0,
			       ARRAY_BYTES);
	for (cpu = 0; cpu < 2; cpu++)
		for_each_cache_node(n, st.cache)
			slot_trim(slab_slot_of(cpu, st.cache, (int)n->nid));
	for_each_cache_node(n, st.cache)
		for (array = n->empty; array; array = array->next)
			array_trim(array, 0);
}

/* ---- operations ------------------------------------------------------- */

#define NR_OPS	(2 * 3 + 2 * MAX_OBJECTS)

static struct op op_decode(unsigned int i)
{
	static const enum op_kind kinds[] = { OP_ALLOC, OP_BULK, OP_DRAIN };

	if (i < 6)
		return (struct op){ i == 5 ? OP_CPU : kinds[i / 2], i & 1, 0 };
	i -= 6;
	return (struct op){ OP_FREE, i & 1, i / 2 };
}

static int object_number(const void *p)
{
	unsigned int i;

	for (i = 0; i < st.nr; i++)
		if (st.object[i] == p)
			return (int)i;
	return -1;
}

static void own(const void *p)
{
	int i = object_number(p);

	if (i < 0)
		fail("%px was handed out, which is no object", p);
	else if (st.out[i])
		fail("object %d was handed out twice", i);
	else
		st.out[i] = 1;
}

static unsigned int nr_out(void)
{
	unsigned int i, n = 0;

	for (i = 0; i < st.nr; i++)
		n += st.out[i];
	return n;
}

/* CPUs' arrays and the depot's go to the slabs, which stay. */
static void drain_all(void)
{
	struct kmem_cache_node *n = &st.cache->node[0];
	struct slab_array *array;

	slab_drain(st.cache);
	while ((array = depot_take_full(n, NULL))) {
		node_put(st.cache, n, array->objs, array->count, true);
		slab_array_free(array);
	}
}

/* After a refusal; whatever it does is undone. */
static void check_refusal(unsigned int wanted)
{
	unsigned int left = st.nr - nr_out(), i;
	void *p;

	st.result->refused++;
	drain_all();
	for (i = 0; i < wanted; i++) {
		p = kmem_cache_alloc(st.cache, QUIET);
		if (!p != (i >= left))
			fail("%s after a drain, with %u of %u objects out",
			     p ? "served" : "refused", nr_out(), st.nr);
		if (p)
			own(p);
	}
}

static bool do_alloc(unsigned int nr)
{
	void *p[2];
	int got = nr == 1 ? 0 : kmem_cache_alloc_bulk(st.cache, QUIET, nr, p);
	int i;

	if (nr == 1) {
		p[0] = kmem_cache_alloc(st.cache, QUIET);
		got = p[0] != NULL;
	}
	for (i = 0; i < got; i++)
		own(p[i]);
	if (got)
		return true;
	/* What a bulk call got and gave back may lie elsewhere now. */
	forget();
	search_add(st.search, NR_OPS);
	check_refusal(nr);
	return false;
}

static bool do_cpu(void)
{
	if (!st.o->hotplug)
		return false;
	if (cpu_on(1))
		kmem_cache_cpu_dead(1);
	else
		kmem_cache_cpu_online(1);
	return true;
}

/* One operation on what memory holds. False when it is none of this state. */
static bool op_run(unsigned int i)
{
	struct op op = op_decode(i);

	if (op.kind == OP_CPU) {
		cpu_become(0);
		return do_cpu();
	}
	if (!cpu_on(op.cpu))
		return false;
	cpu_become(op.cpu);
	switch (op.kind) {
	case OP_ALLOC:
		return do_alloc(1);
	case OP_BULK:
		return do_alloc(2);
	case OP_DRAIN:
		slab_drain(st.cache);
		return true;
	default:
		if (op.object >= st.nr || !st.out[op.object])
			return false;
		st.out[op.object] = 0;
		kmem_cache_free(st.cache, st.object[op.object]);
		return true;
	}
}

/* ---- wrong frees ------------------------------------------------------ */

static long nr_bad(void)
{
	return atomic_long_read(&this_machine()->slab.nr_bad);
}

static void wrong_free(void *p)
{
	long bad = nr_bad();
	const char *name;
	size_t offset;

	kmem_cache_free(st.cache, p);
	st.result->rejected++;
	if (nr_bad() != bad + 1)
		fail("a wrong free of %px was reported %ld times", p,
		     nr_bad() - bad);
	name = search_changed(st.search, &offset);
	if (name)
		fail("a wrong free of %px changed %s at byte %zu", p, name,
		     offset);
}

static bool freed_last_here(unsigned int cpu, const void *p)
{
	struct slab_slot *slot = slot_of(cpu);

	return slot->count && slot->objs[slot->count - 1] == p;
}

/* A second free of what is free or in some array: known when drained. */
static void late_free(unsigned int i)
{
	long bad = nr_bad();

	kmem_cache_free(st.cache, st.object[i]);
	drain_all();
	st.result->late++;
	if (nr_bad() != bad + 1)
		fail("a second free of object %u by CPU %d was reported %ld times",
		     i, raw_smp_processor_id(), nr_bad() - bad);
	if (kmem_cache_check(st.cache))
		fail("a double free broke invariant %d",
		     kmem_cache_check(st.cache));
	if (st.cache->node[0].nr_out != nr_out())
		fail("after a double free %lu objects are out, not %u",
		     st.cache->node[0].nr_out, nr_out());
	search_restore(st.search);
}

static void wrong_frees(unsigned int cpu)
{
	unsigned int i;

	if (!cpu_on(cpu))
		return;
	cpu_become(cpu);
	for (i = 0; i < st.nr && !st.failed; i++) {
		wrong_free((char *)st.object[i] + 8);
		if (freed_last_here(cpu, st.object[i]))
			wrong_free(st.object[i]);
		else if (!st.out[i])
			late_free(i);
	}
	wrong_free(st.foreign);
	wrong_free(__va(MEMORY / 2));
	wrong_free((char *)st.object[0] + PER_SLAB * OBJECT_SIZE);
	wrong_free(&st);
}

/* ---- the search ------------------------------------------------------- */

static void check_new(void)
{
	unsigned int i;
	int broken = kmem_cache_check(st.cache);

	if (broken)
		fail("invariant %d is broken", broken);
	cpu_become(0);
	for (i = 0; i < st.nr; i++)
		if (st.out[i])
			kmem_cache_free(st.cache, st.object[i]);
	drain_all();
	if (st.cache->node[0].nr_out)
		fail("%lu objects are out when all is given back",
		     st.cache->node[0].nr_out);
	broken = kmem_cache_check(st.cache);
	if (broken)
		fail("invariant %d is broken when all is given back", broken);
}

static void state_explore(void)
{
	unsigned int i;
	long bad;
	int added;

	wrong_frees(0);
	wrong_frees(1);
	bad = nr_bad();
	for (i = 0; i < NR_OPS && !st.failed; i++) {
		if (op_run(i)) {
			st.result->transitions++;
			forget();
			added = search_add(st.search, i);
			if (added > 0)
				check_new();
			if (added < 0)
				st.result->complete = false;
		}
		if (nr_bad() != bad)
			fail("a right free was reported as wrong");
		search_restore(st.search);
	}
}

static void search_all(void *arg)
{
	struct search_figures f;

	arrays_start();
	cache_start();
	memory_take();
	regions_add();
	forget();
	console_loglevel_set(0);
	search_start(st.search);
	while (!st.failed && search_next(st.search))
		state_explore();
	search_figures(st.search, &f);
	st.result->states = f.states;
	st.result->depth = f.depth;
	st.result->varying = f.varying;
	cpu_become(0);
}

static void varying_line(const char *name, size_t offset)
{
	char line[100];

	scnprintf(line, sizeof(line), "  varies: %s + %zu", name, offset);
	search_line(line);
}

static void log_line(void *ctx, const char *s, size_t n)
{
	char line[200];

	scnprintf(line, sizeof(line), "log: %.*s", (int)n - 1, s);
	search_line(line);
}

int slab_search(const struct slab_options *o, struct slab_result *result)
{
	int thrown;

	st = (struct slab_test){ .o = o, .result = result };
	result->complete = true;
	if (harness_machine(MEMORY, true))
		return -ENOMEM;
	st.search = search_create(o->max_states,
				  (size_t)o->max_states * RECORD_BYTES);
	if (!st.search)
		return -ENOMEM;
	thrown = host_catch(search_all, NULL);
	if (thrown)
		fail("the machine stopped: %d", thrown);
	if (st.failed)
		log_for_each(log_line, NULL);
	if (!result->complete)
		search_varying(st.search, varying_line);
	search_destroy(st.search);
	st.search = NULL;
	return st.failed;
}
