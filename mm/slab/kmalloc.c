// SPDX-License-Identifier: MIT
/*
 * kmalloc()'s caches, large blocks, and what is made of both.
 *
 *   bytes   8 16 24 ... 64 | 80 96 112 128 | 160 192 224 256 | ... 32768 | pages
 *
 * Four classes to a doubling lose 12% of the memory at most to rounding, 6%
 * in the middle; one to a doubling would lose 50 and 25. A class is aligned
 * to the largest power of two that divides it, so powers of two are aligned
 * to themselves.
 *
 * A large block is a compound page whose first frame is FRAME_LARGE.
 */
#include "slab_watch.h"

#include <linux/init.h>
#include <linux/instruction_pointer.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include <trace/events/kmem.h>

struct kmalloc_class {
	unsigned int size;			/* bytes */
	const char *name[NR_KMALLOC_TYPES];	/* of its caches */
};

#define SIZE_CLASS(size, text)						\
	{ size, { "kmalloc-" text, "kmalloc-rcl-" text, "dma-kmalloc-" text } }
#define CLASS_OF(size)	SIZE_CLASS(size, #size)

static const struct kmalloc_class kmalloc_classes[NR_KMALLOC_CLASSES] = {
	CLASS_OF(8), CLASS_OF(16), CLASS_OF(24), CLASS_OF(32),
	CLASS_OF(40), CLASS_OF(48), CLASS_OF(56), CLASS_OF(64),
	CLASS_OF(80), CLASS_OF(96), CLASS_OF(112), CLASS_OF(128),
	CLASS_OF(160), CLASS_OF(192), CLASS_OF(224), CLASS_OF(256),
	CLASS_OF(320), CLASS_OF(384), CLASS_OF(448), CLASS_OF(512),
	CLASS_OF(640), CLASS_OF(768), CLASS_OF(896), SIZE_CLASS(1024, "1k"),
	CLASS_OF(1280), CLASS_OF(1536), CLASS_OF(1792), SIZE_CLASS(2048, "2k"),
	CLASS_OF(2560), SIZE_CLASS(3072, "3k"), CLASS_OF(3584), SIZE_CLASS(4096, "4k"),
	SIZE_CLASS(5120, "5k"), SIZE_CLASS(6144, "6k"), SIZE_CLASS(7168, "7k"),
	SIZE_CLASS(8192, "8k"),
	SIZE_CLASS(10240, "10k"), SIZE_CLASS(12288, "12k"),
	SIZE_CLASS(14336, "14k"), SIZE_CLASS(16384, "16k"),
	SIZE_CLASS(20480, "20k"), SIZE_CLASS(24576, "24k"),
	SIZE_CLASS(28672, "28k"), SIZE_CLASS(32768, "32k"),
};

#define C1(c)		c,
#define C2(c)		C1(c) C1(c)
#define C4(c)		C2(c) C2(c)
#define C8(c)		C4(c) C4(c)
#define C16(c)		C8(c) C8(c)
#define C32(c)		C16(c) C16(c)
#define C64(c)		C32(c) C32(c)
#define C128(c)		C64(c) C64(c)
#define C256(c)		C128(c) C128(c)
#define C512(c)		C256(c) C256(c)
/* Four classes, the first of which is @c, that @times units each belong to. */
#define FOUR(times, c)	times(c) times((c) + 1) times((c) + 2) times((c) + 3)

const u8 kmalloc_classes_by_8[KMALLOC_MAX_CACHE_SIZE / 8] = {
	FOUR(C1, 0) FOUR(C1, 4) FOUR(C2, 8) FOUR(C4, 12) FOUR(C8, 16)
	FOUR(C16, 20) FOUR(C32, 24) FOUR(C64, 28) FOUR(C128, 32)
	FOUR(C256, 36) FOUR(C512, 40)
};

static const slab_flags_t kmalloc_type_flags[NR_KMALLOC_TYPES] = {
	[KMALLOC_NORMAL] = 0,
	[KMALLOC_RECLAIM] = SLAB_RECLAIM_ACCOUNT,
	[KMALLOC_DMA] = SLAB_CACHE_DMA,
};

void __init kmalloc_caches_create(void)
{
	unsigned int type, i;

	for (type = 0; type < NR_KMALLOC_TYPES; type++)
		for (i = 0; i < NR_KMALLOC_CLASSES; i++) {
			const struct kmalloc_class *class = &kmalloc_classes[i];
			struct kmem_cache_args args = {
				.align = class->size & -class->size,
			};
			struct kmem_cache *cache;

			BUG_ON(kmalloc_index(class->size) != i ||
			       kmalloc_class_of(class->size) != i ||
			       kmalloc_class_of(class->size - 7) != i ||
			       kmalloc_index_size(class->size) != class->size);
			cache = cache_create(class->name[type], class->size,
					     &args, kmalloc_type_flags[type],
					     CACHE_STATIC | CACHE_KMALLOC);
			if (!cache)
				panic("kmem_cache_init: no memory for %s",
				      class->name[type]);
			kmalloc_caches[type][i] = cache;
		}
}

/* ---- large blocks ----------------------------------------------------- */

void *kmalloc_overflow(size_t n, size_t size, gfp_t gfp)
{
	if (!(gfp & __GFP_NOWARN))
		pr_info("kmalloc: %zu elements of %zu bytes are more than a size can say\n",
			n, size);
	return NULL;
}

static noinline void *large_alloc(size_t size, gfp_t gfp, int nid,
				  unsigned long caller)
{
	unsigned int order = (unsigned int)get_order(size);
	struct page *page;

	if (unlikely(size > KMALLOC_MAX_SIZE)) {
		WARN(!(gfp & __GFP_NOWARN),
		     "kmalloc: %zu bytes are more than there can be at once\n",
		     size);
		return NULL;
	}
	if (slab_watches_large() && !slab_watch_large(size, gfp))
		return NULL;
	page = alloc_pages_node(nid, gfp | __GFP_COMP, order);
	if (unlikely(!page))
		return NULL;
	if (unlikely(frame_prepare(page_to_pfn(page), gfp))) {
		__free_pages(page, order);
		return NULL;
	}
	frame_set_kind(page_to_pfn(page), FRAME_LARGE);
	atomic_long_add(1L << order, &slab_state()->nr_large);
	slab_account(page_to_nid(page), 0, (long)(PAGE_SIZE << order));
	if (slab_watches_large())
		slab_watch_large_alloc(lowmem_page_address(page), PAGE_SIZE << order,
				       gfp, caller);
	return lowmem_page_address(page);
}

static noinline void *large_alloc_traced(size_t size, gfp_t gfp, int nid,
					 unsigned long caller)
{
	void *object = large_alloc(size, gfp, nid, caller);

	trace_kmalloc(caller, object, size, PAGE_SIZE << get_order(size), gfp,
		      nid);
	return object;
}

void *kmalloc_large_caller(size_t size, gfp_t gfp, int nid,
			   unsigned long caller)
{
	/* Asked first, so that the other way ends with a jump. */
	if (trace_points_on())
		return large_alloc_traced(size, gfp, nid, caller);
	return large_alloc(size, gfp, nid, caller);
}

void *kmalloc_large_node(size_t size, gfp_t gfp, int nid)
{
	return kmalloc_large_caller(size, gfp, nid, _RET_IP_);
}

void *kmalloc_large(size_t size, gfp_t gfp)
{
	return kmalloc_large_caller(size, gfp, NUMA_NO_NODE, _RET_IP_);
}

void kmalloc_large_free(void *object)
{
	struct page *page = virt_to_page(object);
	unsigned int order = compound_order(page);

	frame_set_kind(page_to_pfn(page), FRAME_STALE);
	atomic_long_sub(1L << order, &slab_state()->nr_large);
	atomic_long_add(1L << order, &slab_state()->nr_given);
	slab_account(page_to_nid(page), 0, -(long)(PAGE_SIZE << order));
	__free_pages(page, order);
}

/* ---- sizes ------------------------------------------------------------ */

/*
 * What the owner of an object of @cache may use. Of a guarded one that is what
 * he asked for, since the rest is a red zone.
 */
static size_t object_usable(struct kmem_cache *cache, const void *object)
{
	return slab_watches(cache) ? slab_watch_size(cache, object) :
	       cache->object_size;
}

size_t ksize(const void *object)
{
	struct kmem_cache *of = NULL;
	const char *fault;

	if (ZERO_OR_NULL_PTR(object))
		return 0;
	if (is_kfence_address(object) && kfence_ksize(object))
		return kfence_ksize(object);
	fault = slab_free_fault(NULL, object, &of);
	if (unlikely(fault)) {
		slab_report(of, fault, object);
		return 0;
	}
	if (of)
		return object_usable(of, object);
	return PAGE_SIZE << compound_order(virt_to_page(object));
}

size_t kmalloc_size_roundup(size_t size)
{
	if (!size)
		return 0;
	if (size <= KMALLOC_MAX_CACHE_SIZE)
		return kmalloc_classes[kmalloc_index(size)].size;
	if (size <= KMALLOC_MAX_SIZE)
		return PAGE_SIZE << get_order(size);
	return size;
}

/* @p is @size bytes to its owner from now on. */
static void object_resize(const void *p, size_t size)
{
	struct kmem_cache *of = NULL;

	/* A sample's end stays where its owner first asked for it. */
	if (is_kfence_address(p))
		return;
	if (!slab_free_fault(NULL, p, &of) && of && slab_watches(of))
		slab_watch_resize(of, (void *)p, size);
}

void *krealloc(const void *p, size_t size, gfp_t gfp)
{
	size_t was;
	void *now;

	if (!size) {
		kfree(p);
		return ZERO_SIZE_PTR;
	}
	if (ZERO_OR_NULL_PTR(p))
		return kmalloc(size, gfp);
	was = ksize(p);
	/* No object: reported. */
	if (!was)
		return NULL;
	if (size <= was) {
		object_resize(p, size);
		return (void *)p;
	}
	now = kmalloc(size, gfp);
	if (!now)
		return NULL;
	memcpy(now, p, was);
	kfree(p);
	return now;
}

void kfree_sensitive(const void *object)
{
	size_t size = ksize(object);

	if (size) {
		memset((void *)object, 0, size);
		/* Nobody reads it: keep the stores. */
		OPTIMIZER_HIDE_VAR(object);
		barrier();
	}
	kfree(object);
}
