// SPDX-License-Identifier: MIT
/*
 * Mappings of devices' memory.
 *
 *   ioremap()      check range ─► reserve type ─► area ─► page tables
 *                  (RAM, width)   (memtype.c)     (mm/kvirt)
 *   iounmap()      area taken, unmapped and flushed ─► type given back
 *
 * The area says what is mapped in it: phys_addr, and by its size how much. A
 * physical address keeps its offset in the page. The type goes back last,
 * when no CPU remembers the mapping any more, so that the next one can have
 * another.
 *
 * What is refused, each with one line that names the range:
 *   empty, wrapped, above the CPU's addresses; RAM, some or all, which the
 *   direct map shows; a type that cannot be beside what others have
 *   mapped; no addresses or no memory; in an interrupt.
 * A range that cuts through the resources of /proc/iomem is mapped, after a
 * word about it, as Linux does.
 *
 * Pure: linked into the host too, whose devices are memory.
 *
 * Differs from Linux: reserved pages of RAM are RAM; iounmap() wants the
 * mapping's first page, and names what it finds otherwise.
 */
#include <linux/io.h>

#include <linux/align.h>
#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/instruction_pointer.h>
#include <linux/ioport.h>
#include <linux/kernel.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include <asm/ioremap.h>
#include <asm/memtype.h>
#include <asm/page.h>
#include <octavo/machine.h>
#include <octavo/this_machine.h>

/* A mapping on its way. */
struct io_map {
	resource_size_t phys;		/* as asked for */
	unsigned long size;		/* bytes, as asked for */
	resource_size_t start, end;	/* whole pages, end exclusive */
	enum page_cache_mode type;	/* wanted, then had */
	const void *caller;
};

/* ---- checks ------------------------------------------------------------ */

static bool phys_addr_valid(resource_size_t addr)
{
	return !(addr >> memtype_state()->phys_bits);
}

static bool io_range_is_sound(struct io_map *io)
{
	resource_size_t last = io->phys + io->size - 1;

	if (!io->size) {
		pr_warn("ioremap: size 0 at physical address %llx\n",
			(u64)io->phys);
		return false;
	}
	if (last < io->phys || !phys_addr_valid(last)) {
		WARN(1, "ioremap: invalid physical address %llx, size %#lx",
		     (u64)io->phys, io->size);
		return false;
	}
	io->start = io->phys & ~(resource_size_t)(PAGE_SIZE - 1);
	io->end = ALIGN(last + 1, (resource_size_t)PAGE_SIZE);
	if (region_intersects(io->start, io->end - io->start,
			      IORESOURCE_SYSTEM_RAM, IORES_DESC_NONE) !=
	    REGION_DISJOINT) {
		WARN(1, "ioremap on RAM at %pa - %pa", &io->phys, &last);
		return false;
	}
	if (!port_io_reachable(io->start, io->end)) {
		pr_err("ioremap: this machine has no device's memory at %pa - %pa\n",
		       &io->phys, &last);
		return false;
	}
	return true;
}

static int io_reserve(struct io_map *io)
{
	enum page_cache_mode got = io->type;
	int err = memtype_reserve_io(io->start, io->end, &got);

	if (err == -ENOMEM)
		pr_err("ioremap memtype_reserve failed %d\n", err);
	else if (err)
		pr_err("ioremap error for 0x%llx-0x%llx, requested %s\n",
		       (u64)io->start, (u64)io->end, cattr_name(io->type));
	io->type = got;
	return err;
}

/* ---- mapping ----------------------------------------------------------- */

/*
 * Where MTRR types meet, a mapping is cut: what the processor does with one
 * large page of two types is not defined.
 */
static int io_area_fill(const struct io_map *io, unsigned long addr,
			pgprot_t prot)
{
	resource_size_t at, next;
	int err = 0;

	for (at = io->start; at < io->end && !err; at = next) {
		next = memtype_mtrr_end(at, io->end);
		err = vmap_page_range(addr + (unsigned long)(at - io->start),
				      addr + (unsigned long)(next - io->start),
				      at, prot);
	}
	return err;
}

static void __iomem *io_area_map(const struct io_map *io)
{
	unsigned long addr;
	pgprotval_t prot = pgprot_val(PAGE_KERNEL) |
			   cachemode2protval(io->type, pat_enabled());
	struct vm_struct *area;

	area = get_vm_area_caller((unsigned long)(io->end - io->start),
				  VM_IOREMAP | VM_FLUSH_RESET_PERMS,
				  io->caller);
	if (!area)
		return NULL;
	area->phys_addr = io->start;
	addr = (unsigned long)area->addr;
	if (io_area_fill(io, addr, __pgprot(prot))) {
		free_vm_area(area);
		return NULL;
	}
	return (void __iomem *)(addr + (unsigned long)(io->phys - io->start));
}

static void __iomem *__ioremap_caller(resource_size_t phys, unsigned long size,
				      enum page_cache_mode type,
				      const void *caller)
{
	struct io_map io = { .phys = phys, .size = size, .type = type,
			     .caller = caller };
	void __iomem *addr;

	if (WARN(in_interrupt(), "ioremap of %pa in an interrupt", &phys))
		return NULL;
	might_sleep();
	if (!io_range_is_sound(&io) || io_reserve(&io))
		return NULL;
	addr = io_area_map(&io);
	if (!addr) {
		memtype_free_io(io.start, io.end);
		return NULL;
	}
	if (iomem_map_sanity_check(phys, size))
		pr_warn("caller %pS mapping multiple BARs\n", caller);
	return addr;
}

void __iomem *ioremap(resource_size_t offset, unsigned long size)
{
	/*
	 * Not UC: an MTRR may make it write-combining, as old frame buffers'
	 * drivers want it.
	 */
	return __ioremap_caller(offset, size, _PAGE_CACHE_MODE_UC_MINUS,
				__builtin_return_address(0));
}

void __iomem *ioremap_uc(resource_size_t offset, unsigned long size)
{
	return __ioremap_caller(offset, size, _PAGE_CACHE_MODE_UC,
				__builtin_return_address(0));
}

void __iomem *ioremap_wc(resource_size_t offset, unsigned long size)
{
	return __ioremap_caller(offset, size, _PAGE_CACHE_MODE_WC,
				__builtin_return_address(0));
}

void __iomem *ioremap_wt(resource_size_t offset, unsigned long size)
{
	return __ioremap_caller(offset, size, _PAGE_CACHE_MODE_WT,
				__builtin_return_address(0));
}

void __iomem *ioremap_cache(resource_size_t offset, unsigned long size)
{
	return __ioremap_caller(offset, size, _PAGE_CACHE_MODE_WB,
				__builtin_return_address(0));
}

void __iomem *ioremap_prot(resource_size_t offset, unsigned long size,
			   unsigned long prot)
{
	return __ioremap_caller(offset, size,
				pgprot2cachemode(__pgprot(prot), pat_enabled()),
				__builtin_return_address(0));
}

/* ---- unmapping --------------------------------------------------------- */

/* The mapping whose first page @addr lies in; NULL, with a line. */
static struct vm_struct *io_area_find(const void *addr)
{
	void *page = (void *)((unsigned long)addr & PAGE_MASK);
	struct vm_struct *area = find_vm_area(page);

	if (!area)
		WARN(1, "iounmap: bad address %px: nothing is mapped there",
		     addr);
	else if (!(area->flags & VM_IOREMAP))
		WARN(1, "iounmap: bad address %px: it is none of ioremap()'s",
		     addr);
	else if (area->addr != page)
		WARN(1, "iounmap: bad address %px: %lu bytes inside the mapping of %pa",
		     addr, (unsigned long)(page - area->addr),
		     &area->phys_addr);
	else
		return area;
	return NULL;
}

void iounmap(volatile void __iomem *addr)
{
	const void *p = (const void __force *)addr;
	struct vm_struct *area;

	if (WARN(in_interrupt(),
		 "iounmap of %px in an interrupt: it stays mapped", p))
		return;
	might_sleep();
	area = io_area_find(p);
	if (!area)
		return;
	/* Of several that unmap it at once, one gets it. */
	area = remove_vm_area(area->addr);
	if (!area)
		return;
	memtype_free_io(area->phys_addr,
			area->phys_addr + get_vm_area_size(area));
	kfree(area);
}
