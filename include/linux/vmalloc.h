/* SPDX-License-Identifier: MIT */
/*
 * Memory that is contiguous in its addresses only, and kernel mappings of
 * pages and of physical addresses. The theory stands in mm/kvirt/vmalloc.c.
 *
 * An area is a range of addresses in [VMALLOC_START, VMALLOC_END) with one
 * owner, and a page behind it where nothing is mapped, so that whoever runs
 * past the end faults. Sizes are bytes and are rounded up to whole pages.
 */
#ifndef _LINUX_VMALLOC_H
#define _LINUX_VMALLOC_H

#include <linux/compiler.h>
#include <linux/gfp_types.h>
#include <linux/instruction_pointer.h>
#include <linux/llist.h>
#include <linux/numa.h>
#include <linux/overflow.h>
#include <linux/types.h>
#include <octavo/machine.h>
#include <asm/kvirt.h>
#include <asm/page.h>
#include <asm/pgtable_types.h>

struct notifier_block;
struct page;
struct seq_file;

/* vm_struct.flags */
#define VM_IOREMAP		0x00000001UL	/* of ioremap() */
#define VM_ALLOC		0x00000002UL	/* of vmalloc() */
#define VM_MAP			0x00000004UL	/* of vmap() */
#define VM_USERMAP		0x00000008UL	/* may be shown to users */
#define VM_DMA_COHERENT		0x00000010UL	/* of dma_alloc_coherent() */
#define VM_UNINITIALIZED	0x00000020UL	/* not to be looked at yet */
#define VM_NO_GUARD		0x00000040UL	/* no page behind it */
#define VM_KASAN		0x00000080UL
#define VM_FLUSH_RESET_PERMS	0x00000100UL	/* flushed at once when freed */
#define VM_MAP_PUT_PAGES	0x00000200UL	/* vfree() frees vmap()'s pages */
#define VM_ALLOW_HUGE_VMAP	0x00000400UL	/* in leaves of PMD_SIZE */
#define VM_RAM			0x00010000UL	/* of vm_map_ram() */

/* Areas of ioremap() are aligned to their size, up to the largest leaf. */
#define IOREMAP_MAX_ORDER	PMD_SHIFT

/*
 * One area. c: constant once VM_UNINITIALIZED is gone  o: the owner's
 * a: atomic
 *
 * Linux's fields, then those of our own. Differs from Linux: an area of blocks
 * (page_order not 0) has a block's first page in each place of pages[], and
 * its pages are not counted one by one.
 */
struct vm_struct {
	struct vm_struct *next;		/* o */
	void *addr;			/* c */
	unsigned long size;		/* c: bytes, with the guard page */
	unsigned long flags;		/* a: VM_* */
	struct page **pages;		/* c: what vfree() frees; or NULL */
	unsigned int page_order;	/* c: of the blocks in pages[] */
	unsigned int nr_pages;		/* c: pages, of all blocks */
	phys_addr_t phys_addr;		/* o: what ioremap() maps; 0: none */
	const void *caller;		/* c: who asked for it */

	unsigned long requested;	/* c: bytes asked for */
	int pid;			/* c: of the task that did */
	struct llist_node retired;	/* a: freed, and not yet purged */
	const void *freed_by;		/* a: who did; NULL: nobody */
};

static inline bool is_vmalloc_addr(const void *addr)
{
	return port_kvirt_has((unsigned long)addr);
}
/* There are no addresses for modules alone. */
#define is_vmalloc_or_module_addr(addr)	is_vmalloc_addr(addr)

/* ---- memory ----------------------------------------------------------- */

/*
 * @size bytes from pages of any place. NULL, with a line in the log unless
 * __GFP_NOWARN: the size is 0 or more than memory or the addresses are, or
 * there is none. All of them sleep; task context. To be freed with vfree().
 *
 * _node: pages of @node (NUMA_NO_NODE: any), of others when it has none.
 * vzalloc, _user: zeroed. _user: may be shown to users. _32: below 4 GiB.
 * _huge: in leaves of PMD_SIZE where that much is asked for; else as vmalloc.
 */
void *vmalloc(unsigned long size) __malloc __alloc_size(1);
void *vzalloc(unsigned long size) __malloc __alloc_size(1);
void *vmalloc_user(unsigned long size) __malloc __alloc_size(1);
void *vmalloc_node(unsigned long size, int node) __malloc __alloc_size(1);
void *vzalloc_node(unsigned long size, int node) __malloc __alloc_size(1);
void *vmalloc_32(unsigned long size) __malloc __alloc_size(1);
void *vmalloc_32_user(unsigned long size) __malloc __alloc_size(1);
/* @gfp: of the pages. Takes GFP_KERNEL, NOFS, NOIO, __GFP_NOFAIL, _NOWARN. */
void *__vmalloc(unsigned long size, gfp_t gfp) __malloc __alloc_size(1);
void *vmalloc_huge(unsigned long size, gfp_t gfp) __malloc __alloc_size(1);
void *__vmalloc_node(unsigned long size, unsigned long align, gfp_t gfp,
		     int node, const void *caller) __malloc __alloc_size(1);
/* At a multiple of @align, a power of two, within [start, end). */
void *__vmalloc_node_range(unsigned long size, unsigned long align,
			   unsigned long start, unsigned long end, gfp_t gfp,
			   pgprot_t prot, unsigned long vm_flags, int node,
			   const void *caller) __malloc __alloc_size(1);
/* NULL also when @n * @size overflows. */
void *__vmalloc_array(size_t n, size_t size, gfp_t gfp) __malloc
	__alloc_size(1, 2);
void *vmalloc_array(size_t n, size_t size) __malloc __alloc_size(1, 2);
void *__vcalloc(size_t n, size_t size, gfp_t gfp) __malloc
	__alloc_size(1, 2);
void *vcalloc(size_t n, size_t size) __malloc __alloc_size(1, 2);
/*
 * @p's contents in @size bytes, at the same place if they fit there. NULL:
 * none were to be had, and @p is as it was. @p NULL: as __vmalloc(). @size 0:
 * frees it. With __GFP_ZERO all bytes that are new are 0.
 */
void *vrealloc(const void *p, size_t size, gfp_t gfp);

/*
 * Frees what any of these gave, or vmap() with VM_MAP_PUT_PAGES. NULL is let
 * pass. Task context, may sleep; in an interrupt it is vfree_atomic(). What is
 * not its to free is reported in one line, and nothing changes.
 */
void vfree(const void *addr);
/* The same in any context but NMI: a task does it later. */
void vfree_atomic(const void *addr);

/* ---- mappings of what there is ---------------------------------------- */

/*
 * Shows @count @pages, in this order, at one address. @flags: VM_MAP and
 * VM_MAP_PUT_PAGES, with which vfree() drops a reference of each page and
 * frees the array as kvfree() does. NULL: no addresses, no memory for
 * tables, or a @count of 0 or past memory. Task context, may sleep.
 */
void *vmap(struct page **pages, unsigned int count, unsigned long flags,
	   pgprot_t prot);
/* Ends what vmap() and vmap_pfn() made; NULL is let pass. Task context. */
void vunmap(const void *addr);
/* Frames that have no struct page. NULL as well when one has. */
void *vmap_pfn(unsigned long *pfns, unsigned int count, pgprot_t prot);
/* As vmap(), without a guard page, for short use. May sleep. */
void *vm_map_ram(struct page **pages, unsigned int count, int node);
/* Ends it; @mem and @count are those of vm_map_ram(). May sleep. */
void vm_unmap_ram(const void *mem, unsigned int count);
/* All freed addresses are flushed from all CPUs on return. May sleep. */
void vm_unmap_aliases(void);

/* ---- areas ------------------------------------------------------------ */

/*
 * An area of @size bytes with nothing mapped in it, in all addresses or in
 * [start, end). NULL: size 0, no addresses, no memory. May sleep.
 */
struct vm_struct *get_vm_area(unsigned long size, unsigned long flags);
struct vm_struct *get_vm_area_caller(unsigned long size, unsigned long flags,
				     const void *caller);
struct vm_struct *__get_vm_area_caller(unsigned long size,
				       unsigned long flags,
				       unsigned long start, unsigned long end,
				       const void *caller);
/* The area that @addr lies in, guard page too; NULL. Any context. */
struct vm_struct *find_vm_area(const void *addr);
/*
 * Unmaps all of the area that begins at @addr and takes it from the machine.
 * The caller frees it with kfree(). NULL, after a line: none begins there. May
 * sleep. What is mapped there is not freed.
 */
struct vm_struct *remove_vm_area(const void *addr);
/* The same, and frees @area too. */
void free_vm_area(struct vm_struct *area);

static inline size_t get_vm_area_size(const struct vm_struct *area)
{
	return area->flags & VM_NO_GUARD ? area->size
					 : area->size - PAGE_SIZE;
}

static inline bool is_vm_area_hugepages(const void *addr)
{
	const struct vm_struct *area = find_vm_area(addr);

	return area && area->page_order > 0;
}

/* The page mapped at @addr; NULL, 0: none, or no page. Any context but NMI. */
struct page *vmalloc_to_page(const void *addr);
unsigned long vmalloc_to_pfn(const void *addr);

/*
 * Maps [phys, phys + end - addr) at [addr, end), which the caller owns and
 * where nothing is mapped. vmap_page_range: any owned range; ioremap_page_range:
 * just the whole of an area with VM_IOREMAP, else -EINVAL, -ERANGE. -ENOMEM:
 * nothing is mapped. Large leaves are used where both addresses allow. May
 * sleep.
 */
int vmap_page_range(unsigned long addr, unsigned long end, phys_addr_t phys,
		    pgprot_t prot);
int ioremap_page_range(unsigned long addr, unsigned long end,
		       phys_addr_t phys, pgprot_t prot);
/* Unmaps [addr, addr + size) of an area that stays; flushes. May sleep. */
void vunmap_range(unsigned long addr, unsigned long end);

/* ---- seeing it -------------------------------------------------------- */

/*
 * Copies @count bytes from @addr on, as far as they are memory in areas of
 * vmalloc() and vmap(); zeroes for holes, guard pages, device registers.
 * Returns how many bytes were not zeroes for want of memory. May sleep.
 */
long vread(char *buf, const char *addr, unsigned long count);
/* Pages that vmalloc() has given. Any context. */
unsigned long vmalloc_nr_pages(void);
/* KiB of addresses that there are. */
unsigned long vmalloc_total_kb(void);
/* /proc/vmallocinfo. May sleep. */
int vmallocinfo_show(struct seq_file *m);

/*
 * In a fault at @addr: lines that say whose address it is, or whose it was, or
 * beside what it lies. False, and nothing: it is none of vmalloc's. Any
 * context.
 */
bool vmalloc_fault_report(unsigned long addr);
/* Whether a fault at @addr, by a write or not, was one no more. Any context. */
bool vmalloc_fault_spurious(unsigned long addr, bool is_write);

/* Start-up, after the slab caches are there. */
void vmalloc_init(void);
/* Whether all invariants hold; a line names the first that does not. Sleeps. */
bool vmalloc_check(void);

#endif
