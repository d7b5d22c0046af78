// SPDX-License-Identifier: MIT
/* In place of mm/kvirt where the port has no kernel mappings. */
#include <linux/slab.h>

#include <linux/kernel.h>
#include <linux/mempool.h>
#include <linux/vmalloc.h>

void vmalloc_init(void)
{
}

void vm_unmap_aliases(void)
{
}

unsigned long vmalloc_nr_pages(void)
{
	return 0;
}

unsigned long vmalloc_total_kb(void)
{
	return 0;
}

int vmallocinfo_show(struct seq_file *m)
{
	return 0;
}

void *kvmalloc_node(size_t size, gfp_t gfp, int nid)
{
	return kmalloc_node(size, gfp, nid);
}

void *kvrealloc(const void *p, size_t size, gfp_t gfp)
{
	return krealloc(p, size, gfp);
}

void kvfree(const void *p)
{
	kfree(p);
}

void kvfree_sensitive(const void *p, size_t size)
{
	(void)size;
	kfree_sensitive(p);
}

void *mempool_kvmalloc(gfp_t gfp, void *size)
{
	return kmalloc((size_t)size, gfp);
}

void mempool_kvfree(void *element, void *size)
{
	kfree(element);
}
