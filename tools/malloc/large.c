// SPDX-License-Identifier: MIT
/*
 * Blocks of pages: larger than any cache's objects, smaller than what is worth
 * a mapping of its own.
 *
 *   frames   | LARGE |  ...  |  ...  |        page->private of the first: pages
 *              p
 *
 * The first frame's kind is FRAME_LARGE, as for kmalloc(). A block's pages are
 * as many as it needs, not the power of two that it was found as; those behind
 * go back at once. When a block is freed, all of its frames become stale, for
 * giveback.c. A frame of kind NONE was never written to since the system gave
 * it, so a block of such frames needs no clearing.
 *
 * Locks: a CPU of the machine around calls of mm/page.
 */
#include "malloc.h"

/* Of the block whose first frame is @pfn. */
static u64 *block_pages(unsigned long pfn)
{
	return &pfn_to_page(pfn)->private;
}

static bool frames_are_zero(unsigned long pfn, unsigned long nr)
{
	unsigned long i;

	for (i = 0; i < nr; i++)
		if (malloc_frames[pfn + i] != FRAME_NONE)
			return false;
	return true;
}

static void frames_set(unsigned long pfn, unsigned long nr, u16 kind)
{
	unsigned long i;

	for (i = 0; i < nr; i++)
		__atomic_store_n(&malloc_frames[pfn + i], kind,
				 __ATOMIC_RELAXED);
}

/*
 * Pages, of a block that is aligned by its order. The order that @align needs
 * may be more than that of the size.
 */
static void *pages_alloc(size_t size, size_t align)
{
	unsigned long addr, end;
	size_t whole = max(size, align);

	if (!giveback_allow(size) || !malloc_core_commit())
		return NULL;
	addr = (unsigned long)alloc_pages_exact(whole, GFP_NOWAIT |
						__GFP_NOWARN);
	if (!addr)
		return NULL;
	for (end = addr + whole; end > addr + PAGE_ALIGN(size);) {
		end -= PAGE_SIZE;
		free_page(end);
	}
	return (void *)addr;
}

void *large_alloc(size_t size, size_t align, bool *zeroed)
{
	unsigned long nr = PAGE_ALIGN(size) >> PAGE_SHIFT, pfn;
	void *p;

	malloc_core_enter();
	p = pages_alloc(nr << PAGE_SHIFT, align);
	malloc_core_leave();
	if (!p)
		return NULL;
	pfn = address_offset(p) >> PAGE_SHIFT;
	*zeroed = frames_are_zero(pfn, nr);
	*block_pages(pfn) = nr;
	frames_set(pfn, nr, FRAME_STALE);
	frames_set(pfn, 1, FRAME_LARGE);
	return p;
}

size_t large_size(const void *p)
{
	unsigned long offset = address_offset(p);

	if (offset & ~PAGE_MASK || frame_kind_at(offset) != FRAME_LARGE)
		return 0;
	return *block_pages(offset >> PAGE_SHIFT) << PAGE_SHIFT;
}

bool large_free(void *p)
{
	unsigned long pfn = address_offset(p) >> PAGE_SHIFT;
	size_t size = large_size(p);

	if (!size)
		return false;
	*block_pages(pfn) = 0;
	frames_set(pfn, 1, FRAME_STALE);
	malloc_core_enter();
	free_pages_exact(p, size);
	malloc_core_leave();
	giveback_note(size);
	return true;
}

bool large_inside(const void *p)
{
	unsigned long pfn = address_offset(p) >> PAGE_SHIFT, back;

	for (back = 0; back < LARGE_MAX >> PAGE_SHIFT && back <= pfn; back++) {
		if (malloc_frames[pfn - back] != FRAME_LARGE)
			continue;
		return back < *block_pages(pfn - back);
	}
	return false;
}

void large_shrink(void *p, size_t size)
{
	unsigned long pfn = address_offset(p) >> PAGE_SHIFT;
	size_t was = large_size(p);

	size = PAGE_ALIGN(size);
	/* Less than an eighth is not worth it. */
	if (was - size < was / 8)
		return;
	*block_pages(pfn) = size >> PAGE_SHIFT;
	malloc_core_enter();
	free_pages_exact((char *)p + size, was - size);
	malloc_core_leave();
	giveback_note(was - size);
}
