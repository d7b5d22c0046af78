// SPDX-License-Identifier: MIT
/*
 * What guarded caches find, in Linux's words, and what is said of bad values
 * of their options. In each case the machine goes on, and the object is
 * mended or out of use.
 */
#include "death.h"

#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>

#include <octavo/failslab.h>
#include <octavo/port.h>

#define GUARDED	"slab_debug=FZPU,victim,kmalloc-*"

static struct kmem_cache *cache_of(unsigned int size)
{
	return kmem_cache_create("victim", size, 0, SLAB_NO_MERGE, NULL);
}

/* Writes behind the back of who guards the bytes. */
static void scribble(void *p, int value, size_t n)
{
	port_unpoison((void *)((unsigned long)p & ~7UL), n + 8);
	memset(p, value, n);
}

static void right_of_an_object(void)
{
	struct kmem_cache *cache = cache_of(64);
	char *p = kmem_cache_alloc(cache, GFP_KERNEL);

	scribble(p + 64, 'X', 3);
	kmem_cache_free(cache, p);
}
DEATH_TEST_WITH(right_of_an_object, SURVIVES, GUARDED,
		"BUG victim (Not tainted): Right Redzone overwritten",
		"0x*-0x* @offset=*. First byte 0x58 instead of 0xcc",
		"Allocated in right_of_an_object+0x*/0x* age=* cpu=* pid=*",
		"Redzone  ????????????????: 58 58 58 cc cc cc cc cc * XXX.....",
		"FIX victim: Restoring Right Redzone 0x*-0x*=0xcc",
		"FIX victim: Object at 0x* not freed");

static void left_of_an_object(void)
{
	struct kmem_cache *cache = cache_of(64);
	char *p = kmem_cache_alloc(cache, GFP_KERNEL);

	scribble(p - 1, 0, 1);
	kmem_cache_free(cache, p);
}
DEATH_TEST_WITH(left_of_an_object, SURVIVES, GUARDED,
		"BUG victim (Not tainted): Left Redzone overwritten",
		"0x*-0x* @offset=*. First byte 0x0 instead of 0xcc",
		"Slab 0x* objects=* used=1 fp=0x0 flags=0x*",
		"Object 0x* @offset=* fp=0x0",
		"FIX victim: Restoring Left Redzone 0x*-0x*=0xcc");

/* What kmalloc() rounds up belongs to nobody. */
static void right_of_what_was_wanted(void)
{
	char *p = kmalloc(20, GFP_KERNEL);

	scribble(p + 20, 0, 1);
	kfree(p);
}
DEATH_TEST_WITH(right_of_what_was_wanted, SURVIVES, GUARDED,
		"BUG kmalloc-24 (Not tainted): kmalloc Redzone overwritten",
		"Allocated in right_of_what_was_wanted+0x*/0x* age=* cpu=* pid=*",
		"FIX kmalloc-24: Restoring kmalloc Redzone 0x*-0x*=0xcc");

static void right_of_what_krealloc_left(void)
{
	char *p = krealloc(kmalloc(20, GFP_KERNEL), 10, GFP_KERNEL);

	scribble(p + 10, 0, 1);
	kfree(p);
}
DEATH_TEST_WITH(right_of_what_krealloc_left, SURVIVES, GUARDED,
		"BUG kmalloc-24 (Not tainted): kmalloc Redzone overwritten");

static void written_after_free(void)
{
	struct kmem_cache *cache = cache_of(64);
	char *p = kmem_cache_alloc(cache, GFP_KERNEL);

	kmem_cache_free(cache, p);
	scribble(p + 8, 'X', 2);
	BUG_ON(kmem_cache_alloc(cache, GFP_KERNEL) == p);
	BUG_ON(kmem_cache_check(cache));
}
DEATH_TEST_WITH(written_after_free, SURVIVES, GUARDED,
		"BUG victim (Not tainted): Poison overwritten",
		"0x*-0x* @offset=*. First byte 0x58 instead of 0x6b",
		"Allocated in written_after_free+0x*/0x* age=* cpu=* pid=*",
		"Freed in written_after_free+0x*/0x* age=* cpu=* pid=*",
		"FIX victim: Restoring Poison 0x*-0x*=0x6b",
		"FIX victim: Object at 0x* not used");

static void last_byte_after_free(void)
{
	struct kmem_cache *cache = cache_of(64);
	char *p = kmem_cache_alloc(cache, GFP_KERNEL);

	kmem_cache_free(cache, p);
	scribble(p + 63, 0, 1);
	kmem_cache_alloc(cache, GFP_KERNEL);
}
DEATH_TEST_WITH(last_byte_after_free, SURVIVES, "slab_debug=P,vic*",
		"BUG victim (Not tainted): End Poison overwritten");

static void padding_written(void)
{
	struct kmem_cache *cache = kmem_cache_create("victim", 36, 32,
						     SLAB_POISON, NULL);
	char *p = kmem_cache_alloc(cache, GFP_KERNEL);

	scribble(p + 36, 1, 1);
	scribble(p + 44, 1, 1);
	kmem_cache_free(cache, p);
}
DEATH_TEST(padding_written, SURVIVES,
	   "BUG victim (Not tainted): Alignment padding overwritten",
	   "BUG victim (Tainted: G    B): Object padding overwritten");

static void freed_twice_guarded(void)
{
	void *p = kmalloc(100, GFP_KERNEL);

	kfree(p);
	kfree(p);
}
DEATH_TEST_WITH(freed_twice_guarded, SURVIVES, "slub_debug",
		"BUG kmalloc-112 (Not tainted): Object already free",
		"Allocated in freed_twice_guarded+0x*/0x* age=* cpu=* pid=*",
		"Freed in freed_twice_guarded+0x*/0x* age=* cpu=* pid=*",
		"FIX kmalloc-112: Object at 0x* not freed");

static void inside_guarded(void)
{
	struct kmem_cache *cache = cache_of(72);

	kmem_cache_free(cache, (char *)kmem_cache_alloc(cache, GFP_KERNEL) + 8);
}
DEATH_TEST_WITH(inside_guarded, SURVIVES, GUARDED,
		"BUG victim (Not tainted): Invalid object pointer 0x*",
		"FIX victim: Object at 0x* not freed",
		"BUG: Bad object free in process *: not the start of an object: * (cache victim)");

static void to_another_cache_guarded(void)
{
	kmem_cache_free(cache_of(64), kmalloc(64, GFP_KERNEL));
}
DEATH_TEST_WITH(to_another_cache_guarded, SURVIVES, GUARDED,
		"kmem_cache_free: Wrong slab cache. victim but object is from kmalloc-64",
		"Allocated in to_another_cache_guarded+0x*/0x* age=* cpu=* pid=*",
		"BUG: Bad object free in process *: an object of another cache: * (cache kmalloc-64)");

static void variable_guarded(void)
{
	int on_stack = 0;

	kmem_cache_free(cache_of(64), &on_stack);
}
DEATH_TEST_WITH(variable_guarded, SURVIVES, GUARDED,
		"BUG victim: Attempt to free object(0x*) outside of slab",
		"BUG: Bad object free in process *: not in the direct map: *");

static void traced(void)
{
	struct kmem_cache *cache = cache_of(64);

	kmem_cache_free(cache, kmem_cache_alloc(cache, GFP_KERNEL));
}
DEATH_TEST_WITH(traced, SURVIVES, "slab_debug=T,victim",
		"TRACE victim alloc 0x* inuse=1 fp=0x0",
		"TRACE victim free 0x* inuse=1 fp=0x0");

static void object_refused(void)
{
	failslab_write("ignore-gfp-wait", 0);
	BUG_ON(kmalloc(64, GFP_KERNEL));
	BUG_ON(!kmalloc(64, GFP_KERNEL));
}
DEATH_TEST_WITH(object_refused, SURVIVES, "failslab=1,100,0,1",
		"FAULT_INJECTION: forcing a failure.",
		"name failslab, interval 1, probability 100, space 0, times 0",
		"Call Trace:", " object_refused+0x*/0x*");

static void nothing(void)
{
}

#define BAD_VALUE(id, option, line)					\
	DEATH_CASE(id, nothing, SURVIVES, option, line)
BAD_VALUE(bad_letter, "slab_debug=FZX",
	  "slab_debug=FZX has a letter that is none of FZPUTAO-: ignored");
BAD_VALUE(bad_second_part, "slab_debug=F,a;Q,b",
	  "slab_debug=F,a;Q,b has a letter that is none of FZPUTAO-: ignored");
BAD_VALUE(bad_old_name, "slub_debug=kmalloc-64",
	  "slub_debug=kmalloc-64 has a letter that is none of FZPUTAO-: ignored");
BAD_VALUE(bad_failslab, "failslab=1,2,3",
	  "failslab=1,2,3 is not <interval>,<probability>,<space>,<times>: ignored");
BAD_VALUE(bad_failslab_chance, "failslab=1,200,0,1",
	  "failslab=1,200,0,1 has a probability that is not 0 to 100: ignored");
