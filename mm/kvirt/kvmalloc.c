// SPDX-License-Identifier: MIT
/*
 * Memory from wherever there is room: of kmalloc(), or of vmalloc() where
 * pages in one piece are not to be had. The address tells which it was.
 *
 * A size past a page is asked of kmalloc() without much effort, since there is
 * another way. Requests that may not sleep have kmalloc() only.
 */
#include <linux/slab.h>

#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/mempool.h>
#include <linux/string.h>
#include <linux/vmalloc.h>
#include <asm/page.h>

/* Not what vmalloc() could do better. */
static gfp_t kmalloc_gfp(gfp_t gfp, size_t size)
{
	if (size <= PAGE_SIZE)
		return gfp;
	gfp |= __GFP_NOWARN;
	if (!(gfp & __GFP_RETRY_MAYFAIL))
		gfp |= __GFP_NORETRY;
	return gfp & ~__GFP_NOFAIL;
}

/* Whether vmalloc() may be asked: it sleeps and takes locks of GFP_KERNEL. */
static bool may_fall_back(gfp_t gfp)
{
	return gfpflags_allow_blocking(gfp);
}

void *kvmalloc_node(size_t size, gfp_t gfp, int nid)
{
	void *p = NULL;

	if (!may_fall_back(gfp))
		return kmalloc_node(size, gfp, nid);
	if (likely(size <= KMALLOC_MAX_SIZE))
		p = kmalloc_node(size, kmalloc_gfp(gfp, size), nid);
	if (likely(p) || size <= PAGE_SIZE)
		return p;
	/* Longer than anything can be said to hold. */
	if (unlikely(size > INT_MAX)) {
		WARN_ON(!(gfp & __GFP_NOWARN));
		return NULL;
	}
	return __vmalloc_node_range(size, 1, VMALLOC_START, VMALLOC_END, gfp,
				    PAGE_KERNEL, VM_ALLOW_HUGE_VMAP, nid,
				    __builtin_return_address(0));
}

void kvfree(const void *p)
{
	if (is_vmalloc_addr(p))
		vfree(p);
	else
		kfree(p);
}

void kvfree_sensitive(const void *p, size_t size)
{
	if (!is_vmalloc_addr(p)) {
		kfree_sensitive(p);
		return;
	}
	memzero_explicit((void *)p, size);
	vfree(p);
}

void *kvrealloc(const void *p, size_t size, gfp_t gfp)
{
	size_t had;
	void *n;

	if (is_vmalloc_addr(p))
		return vrealloc(p, size, gfp);
	n = krealloc(p, size, kmalloc_gfp(gfp, size));
	if (n || !size)
		return n;
	n = kvmalloc(size, gfp);
	if (n && p) {
		had = ksize(p);
		memcpy(n, p, had < size ? had : size);
		kfree(p);
	}
	return n;
}

void *mempool_kvmalloc(gfp_t gfp, void *size)
{
	return kvmalloc((size_t)size, gfp);
}

void mempool_kvfree(void *element, void *size)
{
	kvfree(element);
}
