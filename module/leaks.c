// SPDX-License-Identifier: MIT
/*
 * What modules left behind: objects, pages and caches that were not out before
 * they started and are when they have gone.
 *
 * Whose a thing is, is known by the stack of its allocation, which slab_debug=U
 * and page_owner=on keep: a frame of it lies in a module's code. So what the
 * core itself keeps for later (its own threads, tables, arrays) is no leak. Each
 * one is reported in a line with its size and the innermost frame in a module,
 * then with the whole stack.
 *
 * Objects are looked for in the text of each cache's alloc_traces, which says
 * how old those of one stack are. Without these options there are no stacks,
 * and only caches that were not destroyed are found.
 */
#include "internal.h"

#include <linux/ctype.h>
#include <linux/kallsyms.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/page_owner.h>
#include <linux/percpu.h>
#include <linux/proc_fs.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/stackdepot.h>
#include <linux/string.h>
#include <linux/vmalloc.h>
#include <linux/workqueue.h>

#include <octavo/machine.h>
#include <octavo/port.h>
#include <octavo/run_queue.h>

/* Reports at most; a loop that leaks is seen from a few. */
#define LEAKS_SHOWN	20

struct leak_snapshot {
	u64 start;			/* ns of port_clock_ns() */
	unsigned int leaks;		/* found so far */
	unsigned int caches;		/* of users, at the start */
};

struct leak_snapshot *leaks_before(void)
{
	struct leak_snapshot *s = kzalloc(sizeof(*s), GFP_KERNEL);

	if (!s)
		return NULL;
	s->start = port_clock_ns();
	s->caches = kmem_cache_count();
	return s;
}

/* The innermost frame of a module in the stack; 0: there is none. */
static unsigned long module_frame(depot_stack_handle_t handle)
{
	const unsigned long *entries;
	unsigned int i, n = handle ? stack_depot_fetch(handle, &entries) : 0;

	for (i = 0; i < n; i++)
		if (is_module_text_address(entries[i]))
			return entries[i];
	return 0;
}

static void leak_report(struct leak_snapshot *s, const void *object, size_t size,
			const char *what, depot_stack_handle_t handle)
{
	if (s->leaks++ >= LEAKS_SHOWN)
		return;
	pr_err("LEAK: %s of %zu bytes at %px, allocated by %pB\n", what, size,
	       object, (void *)module_frame(handle));
	stack_depot_print(handle);
}

/* ---- pages ------------------------------------------------------------ */

static void page_leak(struct leak_snapshot *s, unsigned long pfn)
{
	const struct page_owner *o = page_owner_of(pfn);

	if (!o || !o->allocated || o->ts_nsec < s->start ||
	    !module_frame(o->handle) || PageSlab(pfn_to_page(pfn)))
		return;
	leak_report(s, page_address(pfn_to_page(pfn)), PAGE_SIZE << o->order,
		    "block of pages", o->handle);
}

static void pages_leaked(struct leak_snapshot *s)
{
	unsigned long pfn, step;
	struct zone *zone;

	if (!page_owner_enabled())
		return;
	for_each_populated_zone(zone) {
		for (pfn = zone->zone_start_pfn; pfn < zone_end_pfn(zone);
		     pfn += step) {
			const struct page_owner *o = page_owner_of(pfn);

			step = 1;
			if (!pfn_valid(pfn) || !o)
				continue;
			page_leak(s, pfn);
			if (o->allocated)
				step = 1UL << o->order;
		}
		cond_resched();
	}
}

/* ---- objects ---------------------------------------------------------- */

#define TRACES_DIR	"/sys/kernel/debug/slab/"
#define TRACES_FILE	"/alloc_traces"
#define VALIDATE_DIR	"/sys/kernel/slab/"
#define VALIDATE_FILE	"/validate"
#define FILE_PATH	160		/* bytes of a path, a cache's name in it */
#define TRACES_LINE	512

/* Files of one kind, gathered before the first is read. */
struct file {
	struct file *next;
	char path[FILE_PATH];
};

struct files {
	const char *dir, *name;		/* how their paths begin and end */
	struct file *first;
};

/*
 * Reads a file of traces as it is written: a line for each place that objects
 * were allocated at, then that call's stack. A place is held back until its
 * stack tells whose it is.
 */
struct traces_reader {
	struct leak_snapshot *state;
	const char *cache;		/* its name, and the length of that */
	int cache_len;
	unsigned long oldest;		/* jiffies: age at most of a leak */
	char line[TRACES_LINE];		/* so far */
	size_t len;
	unsigned long count;		/* of the place; 0: not to be told */
	bool told;			/* the place has been reported */
	char above[TRACES_LINE];	/* stack lines above the module's */
};

static void file_gather(const char *path, void *ctx)
{
	struct files *files = ctx;
	size_t n = strlen(path), end = strlen(files->name);
	struct file *f;

	if (!strstarts(path, files->dir) || n < end || n >= FILE_PATH ||
	    strcmp(path + n - end, files->name))
		return;
	f = kzalloc(sizeof(*f), GFP_KERNEL);
	if (!f)
		return;
	strscpy(f->path, path, sizeof(f->path));
	f->next = files->first;
	files->first = f;
}

/* One of them, off the list; NULL: no more. The caller frees it. */
static struct file *file_take(struct files *files)
{
	struct file *f = files->first;

	if (f)
		files->first = f->next;
	return f;
}

void objects_validate(void)
{
	struct files files = { .dir = VALIDATE_DIR, .name = VALIDATE_FILE };
	struct file *f;
	char why[80];

	proc_for_each(file_gather, &files);
	while ((f = file_take(&files))) {
		proc_write(f->path, "1", why, sizeof(why));
		kfree(f);
	}
}

/* Whether a module has a function of the name that @text begins with. */
static bool module_function(const char *text)
{
	size_t n = strcspn(text, "+ \n");
	unsigned long addr = (unsigned long)__start_octavo_module_text;
	unsigned long end = (unsigned long)__stop_octavo_module_text;

	while (addr < end) {
		unsigned long offset = 0, size = 0;
		const char *name = kallsyms_lookup(addr, &offset, &size);

		if (name && strlen(name) == n && !strncmp(name, text, n))
			return true;
		addr += size > offset ? size - offset : 1;
	}
	return false;
}

/* "  3 caller+0x1/0x2 age=1/2/3 pid=...": the youngest's age; or -1. */
static long traces_age(const char *line)
{
	const char *age = strstr(line, " age=");

	return age ? (long)simple_strtoul(age + 5, NULL, 10) : -1;
}

static void traces_tell(struct traces_reader *r, const char *frame)
{
	struct leak_snapshot *s = r->state;

	r->told = true;
	if (s->leaks < LEAKS_SHOWN) {
		pr_err("LEAK: %lu object%s of cache %.*s, allocated by %s\n",
		       r->count, r->count == 1 ? "" : "s", r->cache_len,
		       r->cache, frame);
		if (r->above[0])
			pr_err("%s", r->above);
	}
	s->leaks += (unsigned int)r->count;
}

static void traces_line(struct traces_reader *r)
{
	const char *text = skip_spaces(r->line);
	long age = traces_age(text);

	if (age >= 0 && isdigit(*text)) {
		r->count = (unsigned long)age <= r->oldest ?
			   simple_strtoul(text, NULL, 10) : 0;
		r->told = false;
		r->above[0] = '\0';
		return;
	}
	if (!r->count || !*text)
		return;
	if (r->told)
		pr_err("  %s\n", text);
	else if (module_function(text))
		traces_tell(r, text);
	else if (strlen(r->above) + strlen(text) + 4 < sizeof(r->above))
		snprintf(r->above + strlen(r->above),
			 sizeof(r->above) - strlen(r->above), "  %s\n", text);
}

static void traces_emit(void *ctx, const char *s, size_t n)
{
	struct traces_reader *r = ctx;

	for (; n; n--, s++) {
		if (*s != '\n' && r->len < sizeof(r->line) - 1) {
			r->line[r->len++] = *s;
			continue;
		}
		r->line[r->len] = '\0';
		r->len = 0;
		traces_line(r);
	}
}

static void objects_leaked(struct leak_snapshot *s)
{
	struct traces_reader *r = kzalloc(sizeof(*r), GFP_KERNEL);
	struct files files = { .dir = TRACES_DIR, .name = TRACES_FILE };
	struct file *f;

	proc_for_each(file_gather, &files);
	while ((f = file_take(&files))) {
		struct seq_file m = { .emit = traces_emit, .ctx = r };

		if (r) {
			*r = (struct traces_reader){
				.state = s,
				.cache = f->path + strlen(TRACES_DIR),
				.oldest = (unsigned long)((port_clock_ns() -
							   s->start) /
							  TICK_NSEC) + 1,
			};
			r->cache_len = (int)strcspn(r->cache, "/");
			proc_show(f->path, &m);
		}
		kfree(f);
	}
	kfree(r);
}

/* ---- all of it -------------------------------------------------------- */

/* What is freed after a grace period is not left behind. */
static void frees_finish(void)
{
	flush_scheduled_work();
	/* What addresses are kept with goes so, too. */
	vm_unmap_aliases();
	rcu_barrier();
	/* Also what callbacks gave to kfree_rcu(). */
	kvfree_rcu_barrier();
	sched_reap();
	percpu_shrink();
}

static void caches_leaked(struct leak_snapshot *s)
{
	unsigned int caches = kmem_cache_count();

	if (caches <= s->caches)
		return;
	pr_err("LEAK: %u cache%s not destroyed\n", caches - s->caches,
	       caches - s->caches == 1 ? " was" : "s were");
	s->leaks += caches - s->caches;
}

unsigned int leaks_after(struct leak_snapshot *s)
{
	unsigned int leaks;

	frees_finish();
	objects_validate();
	pages_leaked(s);
	objects_leaked(s);
	caches_leaked(s);
	if (s->leaks > LEAKS_SHOWN)
		pr_err("LEAK: ... %u in all\n", s->leaks);
	leaks = s->leaks;
	kfree(s);
	return leaks;
}
