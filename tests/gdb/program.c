/* SPDX-License-Identifier: MIT */
/*
 * A machine for gdb: allocates from a cache, frees some, says where things
 * are and what /proc says, and stops. It runs without debug information.
 */
#include <stdio.h>
#include <stdlib.h>

#include <octavo/octavo.h>
#include <octavo/kernel.h>

#define NR_OBJECTS	500

static void to_stdout(void *ctx, const char *s, size_t n)
{
	(void)ctx;
	fwrite(s, 1, n, stdout);
}

static void say_file(struct octavo_machine *m, const char *path)
{
	printf("== %s\n", path);
	if (octavo_cat(m, path, to_stdout, NULL))
		exit(1);
}

int main(void)
{
	struct octavo_options options = {
		.memory = 256 << 20, .nodes = 2, .cpus = 4, .seed = 1,
	};
	struct octavo_error error;
	struct octavo_machine *m = octavo_machine_create(&options, &error);
	struct kmem_cache *cache;
	static void *object[NR_OBJECTS];
	unsigned long in_slab;
	struct page *slab;
	void *large;
	int i;

	if (!m || octavo_bind(m, 1))
		return 1;
	cache = kmem_cache_create("gdb_test", 192, 0, SLAB_NO_MERGE, NULL);
	for (i = 0; cache && i < NR_OBJECTS; i++)
		object[i] = kmem_cache_alloc(cache, GFP_KERNEL);
	large = kmalloc(100000, GFP_KERNEL);
	if (!cache || !object[NR_OBJECTS - 1] || !large)
		return 1;
	for (i = 0; i < NR_OBJECTS; i += 3)
		kmem_cache_free(cache, object[i]);

	slab = compound_head(virt_to_page(object[1]));
	/* The first object of a slab is less than one behind its start. */
	in_slab = (unsigned long)object[1] - (unsigned long)page_address(slab);
	printf("address %p\npage %p\npfn %#lx\ncache gdb_test\nobject %lu\nlarge %p\n",
	       object[1], (void *)virt_to_page(object[1]),
	       page_to_pfn(virt_to_page(object[1])), in_slab / 192, large);
	octavo_unbind();
	say_file(m, "buddyinfo");
	say_file(m, "slabinfo");
	fflush(stdout);
	abort();
}
