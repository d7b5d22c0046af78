// SPDX-License-Identifier: MIT
/*
 * Tracing: which tracepoints are on, the memory for what they say, and the
 * way from a tracepoint to its record.
 *
 *   mm/page, mm/slab, ...                         readers
 *     trace_mm_page_alloc(...)                      /sys/kernel/tracing
 *       │ any tracepoint on?                        the console, programs
 *       ▼                                             ▲
 *     __trace_call_mm_page_alloc()                  trace_reader.c: all CPUs'
 *       │ this one?  probes                           ▲  by time
 *       ▼                                             │  trace_text.c
 *     trace_record() ──► ring.c, one for each CPU ────┘  trace_dat.c
 *
 * Terms
 *   tracepoint   a place in the code with a name and arguments
 *   event        a tracepoint that can be written down: all that is known of
 *                it comes from one TRACE_EVENT() (trace/trace_events.h)
 *   probe        a function of somebody's that a tracepoint calls
 *
 * What it costs while off. The fast paths of pages, objects and per-CPU data
 * have no tracepoints at all. Each of them looks at something that makes it
 * give up (page_alloc.slow, a front that is closed, a list without room), and
 * turning an event on uses that (octavo/trace_watch.h). The slow paths look
 * at trace_state.any, one word.
 *
 * A tracepoint may be met anywhere: with any lock held, in an interrupt, in an
 * NMI. Nothing is allocated and no lock is waited for on the way to the ring.
 * A probe that meets a tracepoint itself is not called for that; the context
 * that is inside already is known by its kind (trace_ring.levels).
 *
 * Memory for the rings comes when the first event is turned on, and stays
 * until trace_free().
 *
 * Locks: trace_state.mutex of all who change or read. Inside of it: what the
 * page allocator and slab take, since fast paths are closed under it.
 *
 * Failure: without memory for the rings no event is turned on.
 *
 * Differs from Linux: there is one buffer, one clock, no filters or triggers.
 * A change of the size loses what was there.
 */
#include "internal.h"

#include <linux/glob.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/string.h>
#include <linux/trace_events.h>

#include <octavo/options.h>
#include <octavo/port.h>
#include <octavo/trace_watch.h>
#include <trace/events/kmem.h>
#include <trace/events/percpu.h>
#include <asm/point.h>

/* As Linux's; of all memory, all rings together take this part at most. */
#define DEFAULT_KB	1408UL
#define MEMORY_PART	64UL
#define MIN_KB		(RING_PAGES_MIN * PAGE_SIZE >> 10)
/* The table of pages of a ring is one block. */
#define MAX_KB		(KMALLOC_MAX_SIZE / sizeof(void *) * (PAGE_SIZE >> 10))

/* ---- which are on ----------------------------------------------------- */

unsigned int trace_point_on(const struct tracepoint *tp)
{
	/* A program's own, beside a shared library, is nobody's to turn on. */
	if (unlikely(tp < __start_octavo_tracepoints ||
		     tp >= __start_octavo_tracepoints + TRACE_POINTS_MAX))
		return 0;
	return READ_ONCE(trace_state()->on[trace_point_number(tp)]);
}

static unsigned int nr_points(void)
{
	return min((unsigned int)(__stop_octavo_tracepoints -
				  __start_octavo_tracepoints),
		   TRACE_POINTS_MAX);
}

/* Which fast paths pass by a tracepoint that is on. Mutex. */
static unsigned int watch_wanted(void)
{
	static const struct {
		const struct tracepoint *tp;
		unsigned int watch;
	} by[] = {
		{ &__tracepoint_mm_page_alloc, TRACE_WATCH_PAGE },
		{ &__tracepoint_mm_page_free, TRACE_WATCH_PAGE },
		{ &__tracepoint_mm_page_free_batched, TRACE_WATCH_PAGE },
		{ &__tracepoint_kmalloc, TRACE_WATCH_SLAB },
		{ &__tracepoint_kfree, TRACE_WATCH_SLAB },
		{ &__tracepoint_kmem_cache_alloc, TRACE_WATCH_SLAB },
		{ &__tracepoint_kmem_cache_free, TRACE_WATCH_SLAB },
		{ &__tracepoint_percpu_alloc_percpu, TRACE_WATCH_PERCPU },
		{ &__tracepoint_percpu_free_percpu, TRACE_WATCH_PERCPU },
	};
	unsigned int watch = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(by); i++)
		if (trace_point_on(by[i].tp))
			watch |= by[i].watch;
	return watch;
}

/* Makes the rest of the machine follow trace_state.on. Mutex. */
static void trace_update(void)
{
	struct trace_state *s = trace_state();
	unsigned int watch = watch_wanted(), changed = watch ^ s->watched, i;
	unsigned int any = 0;

	for (i = 0; i < nr_points(); i++)
		any |= s->on[i];
	WRITE_ONCE(s->any, any);
	s->watched = watch;
	if (changed & TRACE_WATCH_PAGE)
		page_trace_watch(watch & TRACE_WATCH_PAGE);
	if (changed & TRACE_WATCH_SLAB)
		slab_trace_watch(watch & TRACE_WATCH_SLAB);
	if (changed & TRACE_WATCH_PERCPU)
		percpu_trace_watch(watch & TRACE_WATCH_PERCPU);
}

static void point_set(unsigned int number, unsigned int bit, bool on)
{
	u8 *is = &trace_state()->on[number];

	WRITE_ONCE(*is, (u8)(on ? *is | bit : *is & ~bit));
}

/* ---- from a tracepoint to the ring ------------------------------------ */

/* A bit for each kind of context that can interrupt the ones before. */
static unsigned int context_level(unsigned int count)
{
	if (in_nmi())
		return 8;
	if (count & HARDIRQ_MASK)
		return 4;
	return count & SOFTIRQ_MASK ? 2 : 1;
}

bool trace_call_begin(struct trace_call *call, const struct tracepoint *tp)
{
	u32 levels;

	call->on = trace_point_on(tp);
	if (!call->on)
		return false;
	call->count = preempt_count();
	call->level = context_level(call->count);
	preempt_disable();
	call->ring = this_cpu_ptr(&trace_ring);
	/* What an interrupt sets, it clears: read and written in two steps. */
	levels = port_load(&call->ring->levels, __ATOMIC_RELAXED);
	if (unlikely(levels & call->level)) {
		asm_count_add(&call->ring->recursed, 1);
		preempt_enable_no_resched();
		return false;
	}
	port_store(&call->ring->levels, levels | call->level,
		   __ATOMIC_RELAXED);
	barrier();
	return true;
}

void trace_call_end(struct trace_call *call)
{
	u32 levels = port_load(&call->ring->levels, __ATOMIC_RELAXED);

	/* Pairs with the acquire in tracepoint_synchronize_unregister(). */
	port_store(&call->ring->levels, levels & ~call->level,
		   __ATOMIC_RELEASE);
	/* Locks may be held that a switch would not suit: at the next chance. */
	preempt_enable_no_resched();
}

/* What Linux notes of the context that met the tracepoint. */
static void entry_context(struct trace_entry *entry,
			  const struct trace_call *call)
{
	unsigned int flags = 0;

	if (irqs_disabled())
		flags |= TRACE_FLAG_IRQS_OFF;
	if (need_resched())
		flags |= TRACE_FLAG_NEED_RESCHED;
	if (call->count & HARDIRQ_MASK)
		flags |= TRACE_FLAG_HARDIRQ;
	if (call->count & SOFTIRQ_OFFSET)
		flags |= TRACE_FLAG_SOFTIRQ;
	if (in_nmi())
		flags |= TRACE_FLAG_NMI;
	entry->flags = (unsigned char)flags;
	entry->preempt_count = (unsigned char)min(call->count & PREEMPT_MASK,
						  15U);
	entry->pid = current ? current->pid : 0;
}

void trace_record(const struct trace_call *call, const struct tracepoint *tp,
		  struct trace_entry *entry, size_t size)
{
	const struct trace_state *s = trace_state();

	if (unlikely(READ_ONCE(s->stopped)))
		return;
	entry->type = (unsigned short)trace_event_id(tp);
	entry_context(entry, call);
	trace_comm_note(call->ring);
	ring_write(call->ring, (const u64 *)entry,
		   (unsigned int)DIV_ROUND_UP(size, 8),
		   !READ_ONCE(s->drop_new));
}

void trace_record_too_long(const struct trace_call *call)
{
	asm_count_add(&call->ring->dropped, 1);
}

size_t trace_string_size(const char *s, long len)
{
	return (len < 0 ? strlen(s) : (size_t)len) + 1;
}

void trace_string_copy(char *to, const char *s, size_t size)
{
	memcpy(to, s, size - 1);
	to[size - 1] = '\0';
}

/* ---- memory ----------------------------------------------------------- */

static void ring_pages_free(u64 **pages, unsigned int nr)
{
	while (nr--)
		free_page((unsigned long)pages[nr]);
	kfree(pages);
}

static u64 **ring_pages_alloc(unsigned int nr, int nid)
{
	const gfp_t gfp = GFP_KERNEL | __GFP_NOWARN | __GFP_NORETRY;
	u64 **pages = kmalloc_array(nr, sizeof(*pages), gfp);
	unsigned int i;

	if (!pages)
		return NULL;
	for (i = 0; i < nr; i++) {
		struct page *page = alloc_pages_node(nid, gfp, 0);

		if (!page) {
			ring_pages_free(pages, i);
			return NULL;
		}
		pages[i] = lowmem_page_address(page);
	}
	return pages;
}

static void rings_free(u64 ***all, unsigned int nr)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu)
		if (all[cpu])
			ring_pages_free(all[cpu], nr);
	kfree(all);
}

/* By CPU: the table of pages of its ring. NULL: no memory. */
static u64 ***rings_alloc(unsigned int nr)
{
	u64 ***all = kcalloc(nr_cpu_ids, sizeof(*all),
			     GFP_KERNEL | __GFP_NOWARN);
	unsigned int cpu;

	if (!all)
		return NULL;
	for_each_possible_cpu(cpu) {
		all[cpu] = ring_pages_alloc(nr, cpu_to_node((int)cpu));
		if (!all[cpu]) {
			rings_free(all, nr);
			return NULL;
		}
	}
	return all;
}

/* Exchanges each ring's memory for @all's, of @nr pages (NULL: none). */
static void rings_exchange(u64 ***all, unsigned int nr)
{
	unsigned int cpu;

	rings_claim();
	for_each_possible_cpu(cpu) {
		struct trace_ring *r = &per_cpu(trace_ring, cpu);
		u64 **pages = r->pages;

		ring_open(r, all ? all[cpu] : NULL, nr);
		if (all)
			all[cpu] = pages;
		else if (pages)
			ring_pages_free(pages, trace_state()->nr_pages);
	}
	rings_release();
}

/* Rings of @nr pages each, in place of those that there are. Mutex. */
static int buffers_make(unsigned int nr)
{
	struct trace_state *s = trace_state();
	struct trace_comm *comms = s->comms;
	u64 ***all = rings_alloc(nr);

	if (!all)
		return -ENOMEM;
	if (!comms)
		comms = kcalloc(TRACE_COMMS, sizeof(*comms),
				GFP_KERNEL | __GFP_NOWARN);
	if (!comms) {
		rings_free(all, nr);
		return -ENOMEM;
	}
	/* Pairs with the acquire in trace_comm_note(). */
	__atomic_store_n(&s->comms, comms, __ATOMIC_RELEASE);
	rings_exchange(all, nr);
	/* What is left in @all are the former ones. */
	rings_free(all, s->nr_pages);
	s->nr_pages = nr;
	return 0;
}

static unsigned int size_kb(void)
{
	unsigned long most = (totalram_pages() << (PAGE_SHIFT - 10)) /
			     MEMORY_PART / max(num_possible_cpus(), 1U);
	unsigned int kb = trace_state()->size_kb;

	return kb ?: (unsigned int)clamp(most, MIN_KB, DEFAULT_KB);
}

static int buffers_need(void)
{
	if (trace_state()->nr_pages)
		return 0;
	return buffers_make((unsigned int)((size_kb() << 10) / PAGE_SIZE));
}

int trace_size_set(unsigned long kb)
{
	struct trace_state *s = trace_state();
	int err = 0;

	if (kb < MIN_KB || kb > MAX_KB)
		return -EINVAL;
	mutex_lock(&s->mutex);
	kb = ALIGN(kb, PAGE_SIZE >> 10);
	if (s->nr_pages)
		err = buffers_make((unsigned int)((kb << 10) / PAGE_SIZE));
	if (!err)
		s->size_kb = (unsigned int)kb;
	mutex_unlock(&s->mutex);
	return err;
}

unsigned int trace_size_kb(void)
{
	return size_kb();
}

bool trace_has_buffers(void)
{
	return READ_ONCE(trace_state()->nr_pages);
}

void trace_clear(void)
{
	struct trace_state *s = trace_state();
	unsigned int cpu;

	mutex_lock(&s->mutex);
	rings_claim();
	for_each_possible_cpu(cpu)
		ring_clear(&per_cpu(trace_ring, cpu));
	rings_release();
	mutex_unlock(&s->mutex);
}

void trace_free(void)
{
	struct trace_state *s = trace_state();
	unsigned int i;

	mutex_lock(&s->mutex);
	for (i = 0; i < nr_points(); i++)
		point_set(i, TRACE_ON_RECORD, false);
	trace_update();
	/* Nobody is at the names: who looks at them is in a tracepoint. */
	tracepoint_synchronize_unregister();
	rings_exchange(NULL, 0);
	s->nr_pages = 0;
	kfree(s->comms);
	__atomic_store_n(&s->comms, NULL, __ATOMIC_RELAXED);
	mutex_unlock(&s->mutex);
}

/* ---- events by name --------------------------------------------------- */

const struct tracepoint *trace_event_at(unsigned int i)
{
	const struct tracepoint *tp = __start_octavo_tracepoints;
	unsigned int n;

	for (n = 0; n < nr_points(); n++, tp++)
		if (n >= i)
			return tp;
	return NULL;
}

const struct tracepoint *trace_event_find(const char *system, size_t len,
					  const char *name)
{
	unsigned int i;

	for (i = 0; i < nr_points(); i++) {
		const struct tracepoint *tp = trace_event_at(i);
		const struct trace_event *e = tp->event;

		if (e && strlen(e->system) == len &&
		    !strncmp(e->system, system, len) && !strcmp(e->name, name))
			return tp;
	}
	return NULL;
}

bool trace_event_is_on(const struct tracepoint *tp)
{
	return trace_point_on(tp) & TRACE_ON_RECORD;
}

/* Whether @pattern, which is cut in place, means the event. */
static bool event_matches(const struct trace_event *e, const char *pattern)
{
	const char *colon = strchr(pattern, ':');
	char system[TRACE_NAME_MAX];

	if (!strcmp(pattern, "all"))
		return true;
	if (!colon)
		return glob_match(pattern, e->system) ||
		       glob_match(pattern, e->name);
	strscpy(system, pattern, (size_t)(colon - pattern) + 1);
	return (!system[0] || glob_match(system, e->system)) &&
	       (!colon[1] || glob_match(colon + 1, e->name));
}

/* Notes in @want what becomes of the events of @pattern; how many it has. */
static unsigned int events_mark(const char *pattern, bool on, u8 *want)
{
	unsigned int i, n = 0;

	for (i = 0; i < nr_points(); i++) {
		const struct trace_event *e = trace_event_at(i)->event;

		if (!e || !event_matches(e, pattern))
			continue;
		want[i] = on;
		n++;
	}
	return n;
}

/* Cuts the next name off the front of @names; -EINVAL: it is too long. */
static int name_next(const char **names, char name[TRACE_NAME_MAX])
{
	const char *at = *names + strspn(*names, ", \t\n");
	size_t len = strcspn(at, ", \t\n");

	*names = at + len;
	if (len >= TRACE_NAME_MAX)
		return -EINVAL;
	memcpy(name, at, len);
	name[len] = '\0';
	return 0;
}

/* Notes in @want what @names says. */
static int events_read(const char *names, bool on, u8 *want, char *why,
		       size_t size)
{
	const char *all = names;
	char name[TRACE_NAME_MAX];
	unsigned int n = 0;

	for (;;) {
		const char *at = names + strspn(names, ", \t\n");
		bool not = *at == '!';

		if (name_next(&names, name)) {
			scnprintf(why, size, "\"%.*s...\" is no name of an event",
				  TRACE_NAME_MAX / 2, at);
			return -EINVAL;
		}
		if (!name[0])
			break;
		if (!events_mark(name + not, on != not, want)) {
			scnprintf(why, size, "there is no event \"%s\"",
				  name + not);
			return -ENOENT;
		}
		n++;
	}
	if (n)
		return 0;
	scnprintf(why, size, "\"%.*s\" names no event", TRACE_NAME_MAX / 2,
		  all);
	return -EINVAL;
}

/* Turns on and off what @want says. Mutex. */
static int events_apply(const u8 *want)
{
	unsigned int i;
	int err = 0;

	for (i = 0; i < nr_points() && !err; i++)
		if (want[i])
			err = buffers_need();
	if (err)
		return err;
	for (i = 0; i < nr_points(); i++)
		point_set(i, TRACE_ON_RECORD, want[i]);
	trace_update();
	return 0;
}

/* What is on now. Mutex. */
static void events_now(u8 *want)
{
	unsigned int i;

	for (i = 0; i < nr_points(); i++)
		want[i] = trace_event_is_on(trace_event_at(i));
}

int trace_events_set(const char *names, bool on, char *why, size_t size)
{
	struct trace_state *s = trace_state();
	u8 want[TRACE_POINTS_MAX] = { 0 };
	int err;

	mutex_lock(&s->mutex);
	events_now(want);
	err = events_read(names, on, want, why, size);
	if (!err) {
		err = events_apply(want);
		if (err)
			scnprintf(why, size, "no memory for rings of %u KiB",
				  size_kb());
	}
	mutex_unlock(&s->mutex);
	return err;
}

int trace_event_set(const struct tracepoint *tp, bool on)
{
	struct trace_state *s = trace_state();
	u8 want[TRACE_POINTS_MAX] = { 0 };
	int err;

	mutex_lock(&s->mutex);
	events_now(want);
	want[trace_point_number(tp)] = on;
	err = events_apply(want);
	mutex_unlock(&s->mutex);
	return err;
}

int trace_set_clr_event(const char *system, const char *event, int set)
{
	char name[2 * TRACE_NAME_MAX], why[TRACE_WHY_MAX];
	int err;

	scnprintf(name, sizeof(name), "%s:%s", system ?: "*", event ?: "*");
	err = trace_events_set(name, set, why, sizeof(why));
	return err == -ENOENT ? -EINVAL : err;
}

void trace_events_off(void)
{
	u8 want[TRACE_POINTS_MAX] = { 0 };

	mutex_lock(&trace_state()->mutex);
	events_apply(want);
	mutex_unlock(&trace_state()->mutex);
}

/* ---- switches --------------------------------------------------------- */

void tracing_set(bool on)
{
	WRITE_ONCE(trace_state()->stopped, !on);
}

bool tracing_is_on(void)
{
	return !READ_ONCE(trace_state()->stopped);
}

void trace_overwrite_set(bool on)
{
	WRITE_ONCE(trace_state()->drop_new, !on);
}

bool trace_overwrites(void)
{
	return !READ_ONCE(trace_state()->drop_new);
}

/* ---- probes ----------------------------------------------------------- */

const struct trace_probe *trace_probe_next(const struct tracepoint *tp,
					   unsigned int *at)
{
	const struct trace_probe *probe = trace_state()->probe;

	/* Pairs with the release in tracepoint_probe_register(). */
	for (; *at < TRACE_PROBES_MAX; (*at)++)
		if (__atomic_load_n(&probe[*at].point, __ATOMIC_ACQUIRE) == tp)
			return &probe[*at];
	return NULL;
}

/* The place of a probe; @tp NULL: a free one. Mutex. */
static struct trace_probe *probe_find(const struct tracepoint *tp, void *fn,
				      void *data)
{
	struct trace_probe *p = trace_state()->probe;

	for (; p < trace_state()->probe + TRACE_PROBES_MAX; p++)
		if (p->point == tp &&
		    (!tp || (p->fn == fn && p->data == data)))
			return p;
	return NULL;
}

int tracepoint_probe_register(const struct tracepoint *tp, void *fn,
			      void *data)
{
	struct trace_state *s = trace_state();
	struct trace_probe *p;
	int err = 0;

	mutex_lock(&s->mutex);
	p = probe_find(NULL, NULL, NULL);
	if (probe_find(tp, fn, data)) {
		err = -EEXIST;
	} else if (!p || tp < __start_octavo_tracepoints ||
		   tp >= __start_octavo_tracepoints + nr_points()) {
		err = -ENOSPC;
	} else {
		p->fn = fn;
		p->data = data;
		/* Pairs with the acquire in trace_probe_next(). */
		__atomic_store_n(&p->point, tp, __ATOMIC_RELEASE);
		point_set(trace_point_number(tp), TRACE_ON_PROBE, true);
		trace_update();
	}
	mutex_unlock(&s->mutex);
	return err;
}

int tracepoint_probe_unregister(const struct tracepoint *tp, void *fn,
				void *data)
{
	struct trace_state *s = trace_state();
	struct trace_probe *p;
	unsigned int at = 0;

	mutex_lock(&s->mutex);
	p = probe_find(tp, fn, data);
	if (p) {
		__atomic_store_n(&p->point, NULL, __ATOMIC_RELAXED);
		if (!trace_probe_next(tp, &at))
			point_set(trace_point_number(tp), TRACE_ON_PROBE,
				  false);
		trace_update();
		/* Before the place is somebody else's. */
		tracepoint_synchronize_unregister();
	}
	mutex_unlock(&s->mutex);
	return p ? 0 : -ENOENT;
}

/* As rings_claim(): each CPU is outside of tracepoints at some moment. */
void tracepoint_synchronize_unregister(void)
{
	unsigned int cpu;

	port_cpu_barrier(&this_machine()->cpu_online);
	for_each_possible_cpu(cpu)
		while (port_load(&per_cpu(trace_ring, cpu).levels,
				 __ATOMIC_ACQUIRE))
			cpu_relax();
}

/* ---- start-up, checks ------------------------------------------------- */

void trace_sums_read(struct trace_sums *sums)
{
	unsigned int cpu;

	*sums = (struct trace_sums){ 0 };
	for_each_possible_cpu(cpu) {
		const struct trace_ring *r = &per_cpu(trace_ring, cpu);

		sums->entries += ring_entries(r);
		sums->written += READ_ONCE(r->written);
		sums->overrun += READ_ONCE(r->overrun);
		sums->dropped += READ_ONCE(r->dropped) + READ_ONCE(r->nested);
	}
}

const char *trace_check(void)
{
	struct trace_state *s = trace_state();
	const char *fault = NULL;
	unsigned int cpu;

	mutex_lock(&s->mutex);
	for_each_possible_cpu(cpu) {
		const struct trace_ring *r = &per_cpu(trace_ring, cpu);

		if (r->nr_pages != s->nr_pages)
			fault = "a ring is not as large as the others";
		fault = fault ?: ring_check(r);
	}
	if (s->watched != watch_wanted())
		fault = "fast paths are not closed as events ask for";
	mutex_unlock(&s->mutex);
	return fault;
}

known_param(trace_event, "trace_event");
known_param(trace_buf_size, "trace_buf_size");

static void __init option_buf_size(void)
{
	char text[24], *end;
	u64 kb;

	if (!option_get(boot_command_line, "trace_buf_size", text,
			sizeof(text)))
		return;
	kb = min_t(u64, memparse(text, &end) >> 10, ULONG_MAX);
	if (*end || end == text ||
	    trace_size_set((unsigned long)kb) == -EINVAL)
		option_malformed("trace_buf_size", text,
				 "is no size that a ring can have");
}

static void __init option_event(void)
{
	char why[TRACE_WHY_MAX], names[512];

	if (!option_get(boot_command_line, "trace_event", names,
			sizeof(names)))
		return;
	if (trace_events_set(names, true, why, sizeof(why)))
		pr_err("trace_event=%s: %s\n", names, why);
}

void __init trace_init(void)
{
	struct trace_state *s = trace_state();

	mutex_init(&s->mutex);
	spin_lock_init(&s->comm_lock);
	if (nr_points() == TRACE_POINTS_MAX)
		pr_warn("trace: tracepoints past the first %u cannot be turned on\n",
			TRACE_POINTS_MAX);
	option_buf_size();
	option_event();
}
