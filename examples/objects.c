/* SPDX-License-Identifier: MIT */
/*
 * A machine's memory in all sizes: objects of a cache, kmalloc(), pages and
 * per-CPU counters, on a machine of two nodes that the options describe, with
 * what its /proc says meanwhile.
 *
 *	cc objects.c $(pkg-config --cflags --libs octavo) -o objects
 *	cc objects.c $(pkg-config --cflags --libs --static octavo) -static
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <octavo/octavo.h>
/* From here on the kernel's interface; libc's headers stand above. */
#include <octavo/kernel.h>

#define NR_POINTS	1000
#define NR_CPUS_USED	4

struct point {
	struct list_head list;
	int x, y;
};

static struct octavo_machine *machine;

static void need(bool ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "objects: %s failed\n", what);
	exit(1);
}

static void to_stdout(void *ctx, const char *s, size_t n)
{
	(void)ctx;
	fwrite(s, 1, n, stdout);
}

/* Prints the lines of @path that begin with @word. */
struct filter {
	const char *word;
	char line[256];
	size_t n;
};

static void filter_lines(void *ctx, const char *s, size_t n)
{
	struct filter *f = ctx;

	for (; n; n--, s++) {
		if (f->n < sizeof(f->line) - 1)
			f->line[f->n++] = *s;
		if (*s != '\n')
			continue;
		f->line[f->n] = '\0';
		if (!strncmp(f->line, f->word, strlen(f->word)))
			fputs(f->line, stdout);
		f->n = 0;
	}
}

static void show(const char *path, const char *word)
{
	struct filter f = { .word = word };

	need(!octavo_cat(machine, path, filter_lines, &f), path);
}

static void use_cache(void)
{
	struct kmem_cache *cache = KMEM_CACHE(point, SLAB_HWCACHE_ALIGN |
						     SLAB_NO_MERGE);
	struct point *p, *next;
	LIST_HEAD(points);
	long sum = 0;
	int i;

	need(cache, "kmem_cache_create");
	for (i = 0; i < NR_POINTS; i++) {
		p = kmem_cache_alloc(cache, GFP_KERNEL);
		need(p, "kmem_cache_alloc");
		p->x = i;
		p->y = -i;
		list_add_tail(&p->list, &points);
	}
	show("slabinfo", "point");
	list_for_each_entry_safe(p, next, &points, list) {
		sum += p->x - p->y;
		list_del(&p->list);
		kmem_cache_free(cache, p);
	}
	printf("%d points, sum %ld\n", NR_POINTS, sum);
	kmem_cache_destroy(cache);
}

static void use_kmalloc(void)
{
	char *a = kmalloc(100, GFP_KERNEL);
	char *b = kzalloc_node(3000, GFP_KERNEL, 1);

	need(a && b, "kmalloc");
	strcpy(a, "a hundred bytes");
	printf("kmalloc(100): %zu bytes; 3000 bytes of node %d, first byte %d\n",
	       ksize(a), page_to_nid(virt_to_page(b)), b[0]);
	kfree(a);
	kfree(b);
	printf("a size that overflows: %p\n",
	       (void *)kmalloc_array(SIZE_MAX / 2, 3, GFP_KERNEL));
}

static void use_pages(void)
{
	struct page *page = alloc_pages_node(1, GFP_KERNEL, 3);

	need(page, "alloc_pages");
	memset(page_address(page), 0x5a, PAGE_SIZE << 3);
	printf("eight pages of node %d, zone %s\n", page_to_nid(page),
	       page_zone(page)->name);
	__free_pages(page, 3);
}

static void use_percpu(void)
{
	u64 __percpu *counter = alloc_percpu(u64);
	u64 sum = 0;
	int cpu;

	need(counter, "alloc_percpu");
	for (cpu = 0; cpu < NR_CPUS_USED; cpu++) {
		octavo_unbind();
		need(!octavo_bind(machine, (unsigned int)cpu), "octavo_bind");
		this_cpu_add(*counter, (u64)cpu + 1);
	}
	for_each_possible_cpu(cpu)
		sum += *per_cpu_ptr(counter, cpu);
	printf("counters of %u CPUs: %" PRIu64 "\n", num_online_cpus(),
	       (uint64_t)sum);
	free_percpu(counter);
}

int main(void)
{
	struct octavo_options options = {
		.memory = (uint64_t)1 << 30, .nodes = 2, .cpus = NR_CPUS_USED,
		.cmdline = "page_owner=on",
	};
	struct octavo_error error;

	machine = octavo_machine_create(&options, &error);
	if (!machine) {
		fprintf(stderr, "objects: %s\n", error.text);
		return 1;
	}
	need(!octavo_bind(machine, 0), "octavo_bind");
	use_cache();
	use_kmalloc();
	use_pages();
	use_percpu();
	octavo_unbind();
	octavo_cat(machine, "buddyinfo", to_stdout, NULL);
	show("meminfo", "MemTotal");
	octavo_machine_destroy(machine);
	return 0;
}
