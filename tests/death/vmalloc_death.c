// SPDX-License-Identifier: MIT
/* Misuse of areas: one line each, and what is not a fault changes nothing. */
#include "death.h"

#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/preempt.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include <octavo/fail_page.h>
#include <octavo/machine.h>
#include <octavo/octavo.h>

#include "../../mm/kvirt/internal.h"

#define TRYING(what)	"Trying to " what " (*)"
#define ERROR(what)	"*: vmalloc error: size " what ", mode:0x*"

/* ---- faults ----------------------------------------------------------- */

static void write_past_end(void)
{
	volatile char *p = vmalloc(2 * PAGE_SIZE);

	p[2 * PAGE_SIZE] = 1;
}
DEATH_TEST(write_past_end, DIES,
	   "BUG: vmalloc: out of bounds at 0x*, 1 bytes past the end of area [[]0x*, 0x*) of 8192 bytes, allocated by *write_past_end*, pid *",
	   "Kernel panic - not syncing: fault at * in the kernel's mappings, by *write_past_end*");

static void read_far_past_end(void)
{
	volatile char *p = vmap(&(struct page *){ alloc_page(GFP_KERNEL) }, 1,
				VM_MAP, PAGE_KERNEL);

	(void)p[PAGE_SIZE + 99];
}
DEATH_TEST(read_far_past_end, DIES,
	   "BUG: vmalloc: out of bounds at 0x*, 100 bytes past the end of area [[]0x*, 0x*) of 4096 bytes, allocated by *");

static void write_to_read_only(void)
{
	struct page *page = alloc_page(GFP_KERNEL | __GFP_ZERO);
	volatile char *p = vmap(&page, 1, VM_MAP, PAGE_KERNEL_RO);

	BUG_ON(p[5]);
	p[5] = 1;
}
DEATH_TEST(write_to_read_only, DIES,
	   "BUG: vmalloc: access at 0x*, 5 bytes inside area [[]0x*, 0x*) of 4096 bytes, allocated by *: not mapped that way");

static void read_area_of_nothing(void)
{
	struct vm_struct *vm = get_vm_area(PAGE_SIZE, VM_MAP);

	(void)*(volatile char *)vm->addr;
}
DEATH_TEST(read_area_of_nothing, DIES,
	   "BUG: vmalloc: access at 0x*, 0 bytes inside area [[]*: not mapped that way");

static void read_after_purge(void)
{
	volatile char *p = vmalloc(PAGE_SIZE);

	vfree((void *)p);
	vm_unmap_aliases();
	(void)*p;
}
DEATH_TEST(read_after_purge, DIES,
	   "BUG: vmalloc: access at 0x*, which is nobody's; no area lies above");

/* A process sees the frames until the purge: as the fault would report it. */
static void fault_after_free(void)
{
	char *p = vmalloc(PAGE_SIZE);

	vfree(p);
	BUG_ON(!vmalloc_fault_report((unsigned long)p + 16));
	BUG_ON(vmalloc_fault_report((unsigned long)&p));
}
DEATH_TEST(fault_after_free, SURVIVES,
	   "BUG: vmalloc: use after free at 0x*, 16 bytes inside area [[]0x*, 0x*) of 4096 bytes, allocated by *fault_after_free*, pid *, freed by *fault_after_free*");

/* ---- wrong frees ------------------------------------------------------ */

/* What was refused is counted, and all is as it was. */
static void sound(long nr_bad)
{
	BUG_ON(atomic_long_read(&kvirt_state()->nr_bad) != nr_bad);
	BUG_ON(!vmalloc_check());
}

static void vfree_twice(void)
{
	void *p = vmalloc(PAGE_SIZE), *q = vmalloc(PAGE_SIZE);

	vfree(p);
	vfree(p);
	vm_unmap_aliases();
	vfree(p);
	sound(2);
	vfree(q);
}
DEATH_TEST(vfree_twice, SURVIVES, TRYING("vfree() nonexistent vm area"));

static void vfree_of_the_middle(void)
{
	char *p = vmalloc(3 * PAGE_SIZE);

	vfree(p + PAGE_SIZE);
	sound(1);
	vfree(p);
}
DEATH_TEST(vfree_of_the_middle, SURVIVES,
	   TRYING("vfree() nonexistent vm area, 4096 bytes inside one of vmalloc()"));

static void vfree_askew(void)
{
	char *p = vmalloc(PAGE_SIZE);

	vfree(p + 8);
	sound(1);
	vfree(p);
}
DEATH_TEST(vfree_askew, SURVIVES, TRYING("vfree() bad address"));

static void vfree_of_kmalloc(void)
{
	void *p = kmalloc(PAGE_SIZE, GFP_KERNEL);

	vfree(p);
	sound(1);
	kfree(p);
}
DEATH_TEST(vfree_of_kmalloc, SURVIVES,
	   TRYING("vfree() nonexistent vm area"));

static void vfree_atomic_of_nothing(void)
{
	preempt_disable();
	vfree_atomic((void *)VMALLOC_START);
	preempt_enable();
	sound(1);
}
DEATH_TEST(vfree_atomic_of_nothing, SURVIVES,
	   TRYING("vfree() nonexistent vm area"));

static void vfree_of_map_ram(void)
{
	struct page *page = alloc_page(GFP_KERNEL);
	void *p = vm_map_ram(&page, 1, NUMA_NO_NODE);

	vfree(p);
	vm_unmap_ram(p, 2);
	sound(1);
	vm_unmap_ram(p, 1);
	__free_page(page);
}
DEATH_TEST(vfree_of_map_ram, SURVIVES,
	   TRYING("vfree() what is of vm_map_ram()"),
	   TRYING("vm_unmap_ram() 2 of 1 pages"));

static void vfree_of_area(void)
{
	struct vm_struct *vm = get_vm_area(PAGE_SIZE, VM_IOREMAP);

	vfree(vm->addr);
	sound(1);
	free_vm_area(vm);
}
DEATH_TEST(vfree_of_area, SURVIVES,
	   TRYING("vfree() what is of get_vm_area() or ioremap()"));

static void vunmap_of_vmalloc(void)
{
	void *p = vmalloc(PAGE_SIZE);

	vunmap(p);
	sound(1);
	vfree(p);
}
DEATH_TEST(vunmap_of_vmalloc, SURVIVES,
	   TRYING("vunmap() what is of vmalloc()"));

static void vunmap_in_interrupt(void)
{
	struct page *page = alloc_page(GFP_KERNEL);
	void *p = vmap(&page, 1, VM_MAP, PAGE_KERNEL);

	preempt_count_add(HARDIRQ_OFFSET);
	vunmap(p);
	preempt_count_sub(HARDIRQ_OFFSET);
	BUG_ON(!find_vm_area(p));
	vunmap(p);
	__free_page(page);
}
DEATH_TEST(vunmap_in_interrupt, SURVIVES, TRYING("vunmap() in an interrupt"));

static void vfree_in_interrupt(void)
{
	void *p = vmalloc(PAGE_SIZE);

	preempt_count_add(HARDIRQ_OFFSET);
	vfree(p);
	preempt_count_sub(HARDIRQ_OFFSET);
	vm_unmap_aliases();
	BUG_ON(find_vm_area(p));
	sound(0);
}
DEATH_TEST(vfree_in_interrupt, SURVIVES, NULL);

static void vfree_of_another_machine(void)
{
	struct octavo_options options = { .memory = 64ULL << 20, .seed = 2 };
	struct octavo_machine *mine = octavo_bound(), *other;
	void *p;

	other = octavo_machine_create(&options, NULL);
	octavo_unbind();
	octavo_bind(other, 0);
	p = vmalloc(PAGE_SIZE);
	octavo_unbind();
	octavo_bind(mine, 0);
	vfree(p);
	sound(1);
	octavo_machine_destroy(other);
}
DEATH_TEST(vfree_of_another_machine, SURVIVES,
	   TRYING("vfree() nonexistent vm area"));

static void vrealloc_of_nothing(void)
{
	BUG_ON(vrealloc((void *)VMALLOC_START, 10, GFP_KERNEL));
}
DEATH_TEST(vrealloc_of_nothing, SURVIVES,
	   TRYING("vrealloc() nonexistent vm area"));

/* ---- wrong requests --------------------------------------------------- */

static void vmalloc_of_nothing(void)
{
	BUG_ON(vmalloc(0));
}
DEATH_TEST(vmalloc_of_nothing, SURVIVES,
	   "vmalloc error: size 0");

static void vmalloc_past_memory(void)
{
	BUG_ON(vmalloc(1UL << 40));
}
DEATH_TEST(vmalloc_past_memory, SURVIVES,
	   ERROR("1099511627776, exceeds total pages"));

static void vmalloc_of_everything(void)
{
	BUG_ON(vmalloc(ULONG_MAX));
}
DEATH_TEST(vmalloc_of_everything, SURVIVES,
	   ERROR("18446744073709551615, exceeds total pages"));

/* Addresses for one page and its guard page, and two are asked for. */
static void vmalloc_without_addresses(void)
{
	BUG_ON(__vmalloc_node_range(2 * PAGE_SIZE, 1, VMALLOC_START,
				    VMALLOC_START + 2 * PAGE_SIZE, GFP_KERNEL,
				    PAGE_KERNEL, 0, NUMA_NO_NODE, NULL));
}
DEATH_TEST(vmalloc_without_addresses, SURVIVES,
	   "vmalloc_node_range for size 8192 failed: Address range restricted to 0x* - 0x*",
	   ERROR("8192, vm_struct allocation failed"));

static void area_past_addresses(void)
{
	BUG_ON(get_vm_area(VMALLOC_END - VMALLOC_START, VM_MAP));
}
DEATH_TEST(area_past_addresses, SURVIVES,
	   "vmalloc_node_range for size * failed: Address range restricted to 0x* - 0x*");

static void vmalloc_without_pages(void)
{
	unsigned long size = (totalram_pages() - 16) << PAGE_SHIFT;

	BUG_ON(vmalloc(size));
	sound(0);
}
DEATH_TEST(vmalloc_without_pages, SURVIVES,
	   ERROR("*, failed to allocate pages"));

static void vmalloc_in_interrupt(void)
{
	preempt_count_add(HARDIRQ_OFFSET);
	BUG_ON(vmalloc(PAGE_SIZE));
	preempt_count_sub(HARDIRQ_OFFSET);
}
DEATH_TEST(vmalloc_in_interrupt, SURVIVES,
	   "BUG: sleeping function called from invalid context at *vmalloc.c:*",
	   "vmalloc error: size 4096, in an interrupt");

static void vmalloc_in_atomic_context(void)
{
	void *p;

	preempt_disable();
	p = __vmalloc(PAGE_SIZE, GFP_ATOMIC);
	preempt_enable();
	vfree(p);
	sound(0);
}
DEATH_TEST(vmalloc_in_atomic_context, SURVIVES,
	   "BUG: sleeping function called from invalid context at *vmalloc.c:*");

static void range_of_no_area(void)
{
	unsigned long addr = VMALLOC_START;

	BUG_ON(ioremap_page_range(addr, addr + PAGE_SIZE, 0, PAGE_KERNEL) !=
	       -EINVAL);
	BUG_ON(vmap_page_range(addr + 1, addr + PAGE_SIZE, 0, PAGE_KERNEL) !=
	       -EINVAL);
}
DEATH_TEST(range_of_no_area, SURVIVES,
	   "ioremap_page_range: 0x*: no area of ioremap()",
	   "vmap_page_range: [[]0x*, 0x*) to 0*: no range of pages");

static void address_of_no_area(void)
{
	int here = 0;

	BUG_ON(vmalloc_to_page(&here));
	BUG_ON(vmalloc_to_pfn(&here));
}
DEATH_TEST(address_of_no_area, SURVIVES,
	   "vmalloc_to_page: * is no address of vmalloc()");
