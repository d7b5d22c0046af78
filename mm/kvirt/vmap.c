// SPDX-License-Identifier: MIT
/*
 * Mappings of what there is already: pages, frames without a page, physical
 * addresses. The theory stands in vmalloc.c.
 */
#include "internal.h"

#include <linux/align.h>
#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <octavo/plant.h>
#include <octavo/port.h>

/* An area for @count pages; NULL: it is none, or there is none. */
static struct vm_struct *area_for_pages(unsigned int count,
					unsigned long flags, int node,
					const void *caller)
{
	struct vm_request r = {
		.size = (unsigned long)count << PAGE_SHIFT,
		.requested = (unsigned long)count << PAGE_SHIFT,
		.start = VMALLOC_START, .end = VMALLOC_END, .flags = flags,
		.node = node, .gfp = GFP_KERNEL, .caller = caller,
	};

	might_sleep();
	if (WARN(in_interrupt(), "vmap of %u pages in an interrupt\n", count))
		return NULL;
	if (!count || count > totalram_pages())
		return NULL;
	return vm_area_create(&r);
}

static int map_and_show(struct vm_struct *vm, struct page **pages,
			pgprot_t prot)
{
	struct kvirt_state *k = kvirt_state();
	unsigned long start = (unsigned long)vm->addr;
	unsigned long end = start + get_vm_area_size(vm);
	int err = kvirt_map_pages(k, start, end, pages, PAGE_SHIFT, prot,
				  GFP_KERNEL);

	return err ?: vm_show(k, start, end);
}

void *vmap(struct page **pages, unsigned int count, unsigned long flags,
	   pgprot_t prot)
{
	struct vm_struct *vm;

	/* Its pages are flushed at once only where vmalloc() set their rights. */
	if (WARN_ON(flags & VM_FLUSH_RESET_PERMS))
		return NULL;
	/* A mapping that nothing guards: use vmalloc() or vm_map_ram(). */
	flags &= ~(VM_NO_GUARD | VM_ALLOC | VM_RAM);
	vm = area_for_pages(count, flags | VM_MAP, NUMA_NO_NODE,
			    __builtin_return_address(0));
	if (!vm)
		return NULL;
	if (map_and_show(vm, pages, prot)) {
		vm_area_cancel(vm);
		return NULL;
	}
	if (flags & VM_MAP_PUT_PAGES) {
		vm->pages = pages;
		vm->nr_pages = count;
	}
	vm_area_publish(vm);
	return vm->addr;
}

void vunmap(const void *addr)
{
	struct vm_struct *vm;

	if (WARN(in_interrupt(), "Trying to vunmap() in an interrupt (%px)\n",
		 addr))
		return;
	might_sleep();
	if (!addr)
		return;
	vm = vm_area_take(addr, 1U << VM_KIND_OTHER | 1U << VM_KIND_MAP,
			  "vunmap()");
	if (!vm)
		return;
	vm_area_unmap(vm);
	vm_area_retire(vm, __builtin_return_address(0));
}

/* ---- frames ----------------------------------------------------------- */

static int map_frames(struct vm_struct *vm, const unsigned long *pfns,
		      unsigned int count, pgprot_t prot)
{
	struct kvirt_state *k = kvirt_state();
	unsigned long start = (unsigned long)vm->addr;
	unsigned int i;
	int err;

	for (i = 0; i < count; i++) {
		unsigned long at = start + i * PAGE_SIZE;

		err = kvirt_map_phys(k, at, at + PAGE_SIZE, PFN_PHYS(pfns[i]),
				     PAGE_SHIFT,
				     __pgprot(pgprot_val(prot) |
					      _PAGE_SPECIAL), GFP_KERNEL);
		if (err) {
			kvirt_unmap(k, start, at);
			return err;
		}
	}
	return vm_show(k, start, start + count * PAGE_SIZE);
}

void *vmap_pfn(unsigned long *pfns, unsigned int count, pgprot_t prot)
{
	struct vm_struct *vm;
	unsigned int i;

	for (i = 0; i < count; i++)
		if (WARN(pfn_valid(pfns[i]), "vmap_pfn: frame %#lx has a page\n",
			 pfns[i]))
			return NULL;
	vm = area_for_pages(count, VM_IOREMAP, NUMA_NO_NODE,
			    __builtin_return_address(0));
	if (!vm)
		return NULL;
	if (map_frames(vm, pfns, count, prot)) {
		vm_area_cancel(vm);
		return NULL;
	}
	vm_area_publish(vm);
	return vm->addr;
}

/* ---- for short use ---------------------------------------------------- */

void *vm_map_ram(struct page **pages, unsigned int count, int node)
{
	struct vm_struct *vm = area_for_pages(count, VM_RAM | VM_NO_GUARD, node,
					      __builtin_return_address(0));

	if (!vm)
		return NULL;
	if (map_and_show(vm, pages, PAGE_KERNEL)) {
		vm_area_cancel(vm);
		return NULL;
	}
	vm_area_publish(vm);
	return vm->addr;
}

void vm_unmap_ram(const void *mem, unsigned int count)
{
	struct kvirt_state *k = kvirt_state();
	struct vm_struct *vm;
	struct va_area area;

	might_sleep();
	if (k->space && va_find(k->space, (unsigned long)mem, &area) &&
	    area.start == (unsigned long)mem &&
	    vm_kind_of_owner(area.owner) == VM_KIND_RAM &&
	    WARN(area.size != (unsigned long)count << PAGE_SHIFT,
		 "Trying to vm_unmap_ram() %u of %lu pages (%px)\n", count,
		 area.size >> PAGE_SHIFT, mem))
		return;
	vm = vm_area_take(mem, 1U << VM_KIND_RAM, "vm_unmap_ram()");
	if (!vm)
		return;
	vm_area_unmap(vm);
	vm_area_retire(vm, __builtin_return_address(0));
}

/* ---- physical addresses ----------------------------------------------- */

int vmap_page_range(unsigned long addr, unsigned long end, phys_addr_t phys,
		    pgprot_t prot)
{
	struct kvirt_state *k = kvirt_state();
	int err;

	might_sleep();
	if (WARN(addr >= end || !PAGE_ALIGNED(addr | end | phys) ||
		 addr < k->start || end > k->end,
		 "vmap_page_range: [%#lx, %#lx) to %#llx: no range of pages\n",
		 addr, end, (u64)phys))
		return -EINVAL;
	err = kvirt_map_phys(k, addr, end, phys, PMD_SHIFT, prot, GFP_KERNEL);
	return err ?: vm_show(k, addr, end);
}

int ioremap_page_range(unsigned long addr, unsigned long end,
		       phys_addr_t phys, pgprot_t prot)
{
	struct vm_struct *vm = find_vm_area((void *)addr);

	if (WARN(!vm || !(vm->flags & VM_IOREMAP),
		 "ioremap_page_range: %#lx: no area of ioremap()\n", addr))
		return -EINVAL;
	if (WARN(addr != (unsigned long)vm->addr ||
		 end != addr + get_vm_area_size(vm),
		 "ioremap_page_range: [%#lx, %#lx) is not the area [%px, +%#zx)\n",
		 addr, end, vm->addr, get_vm_area_size(vm)))
		return -ERANGE;
	return vmap_page_range(addr, end, phys, prot);
}

void vunmap_range(unsigned long addr, unsigned long end)
{
	struct kvirt_state *k = kvirt_state();

	might_sleep();
	if (WARN(addr >= end || !PAGE_ALIGNED(addr | end) ||
		 addr < k->start || end > k->end,
		 "vunmap_range: [%#lx, %#lx): no range of pages\n", addr, end))
		return;
	kvirt_unmap(k, addr, end);
	port_kvirt_hide(addr, end);
	if (!PLANT(kvirt_range_no_flush))
		port_flush_tlb_range(addr, end);
}

/* ---- which page ------------------------------------------------------- */

unsigned long vmalloc_to_pfn(const void *addr)
{
	struct kvirt_state *k = kvirt_state();
	unsigned long at = (unsigned long)addr & PAGE_MASK;
	struct kvirt_run run;

	if (WARN(!is_vmalloc_addr(addr),
		 "vmalloc_to_page: %px is no address of vmalloc()\n", addr))
		return 0;
	if (!kvirt_run(k, at, at + PAGE_SIZE, &run))
		return 0;
	return PHYS_PFN(run.phys);
}

struct page *vmalloc_to_page(const void *addr)
{
	struct kvirt_state *k = kvirt_state();
	unsigned long at = (unsigned long)addr & PAGE_MASK;
	struct kvirt_run run;

	if (WARN(!is_vmalloc_addr(addr),
		 "vmalloc_to_page: %px is no address of vmalloc()\n", addr))
		return NULL;
	if (!kvirt_run(k, at, at + PAGE_SIZE, &run) ||
	    !pfn_valid(PHYS_PFN(run.phys)))
		return NULL;
	return phys_to_page(run.phys);
}
