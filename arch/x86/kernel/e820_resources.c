// SPDX-License-Identifier: MIT
/*
 * The memory map as /proc/iomem shows it: every entry of the working table
 * becomes a resource, with the kernel's image inside the RAM it was loaded to.
 *
 * The resources live as long as the machine; their memory is memblock's.
 */
#include <asm/e820/api.h>

#include <linux/init.h>
#include <linux/ioport.h>
#include <linux/kernel.h>
#include <linux/memblock.h>
#include <octavo/this_machine.h>

static const char *__init e820_type_to_string(enum e820_type type)
{
	switch (type) {
	case E820_TYPE_RAM:
	case E820_TYPE_RESERVED_KERN:
		return "System RAM";
	case E820_TYPE_ACPI:
		return "ACPI Tables";
	case E820_TYPE_NVS:
		return "ACPI Non-volatile Storage";
	case E820_TYPE_UNUSABLE:
		return "Unusable memory";
	case E820_TYPE_PRAM:
		return "Persistent Memory (legacy)";
	case E820_TYPE_PMEM:
		return "Persistent Memory";
	case E820_TYPE_RESERVED:
		return "Reserved";
	case E820_TYPE_SOFT_RESERVED:
		return "Soft Reserved";
	}
	return "Unknown E820 type";
}

/*
 * What no driver may have: RAM and what firmware keeps in it, and all below
 * 1 MiB. Firmware also reserves the addresses of devices, which drivers may.
 */
static bool __init e820_entry_is_busy(const struct e820_entry *e)
{
	switch (e->type) {
	case E820_TYPE_RESERVED:
	case E820_TYPE_SOFT_RESERVED:
	case E820_TYPE_PRAM:
	case E820_TYPE_PMEM:
		return e->addr < ISA_END_ADDRESS;
	default:
		return true;
	}
}

static void __init iomem_setup(struct resource *root)
{
	if (root->end)
		return;
	root->name = "PCI mem";
	root->end = PHYS_ADDR_MAX;
	root->flags = IORESOURCE_MEM;
}

void __init e820__insert_kernel(struct resource *res, const char *name,
				u64 start, u64 end)
{
	iomem_setup(&iomem_resource);
	res->name = name;
	res->start = start;
	res->end = end - 1;
	res->flags = IORESOURCE_BUSY | IORESOURCE_SYSTEM_RAM;
	if (insert_resource(&iomem_resource, res))
		pr_warn("resource: %s [mem 0x%08llx-0x%08llx] conflicts with another\n",
			name, start, end - 1);
}

void __init e820__reserve_resources(void)
{
	const struct e820_table *t = &this_fw()->e820;
	const struct e820_entry *e;
	struct resource *res;

	iomem_setup(&iomem_resource);
	res = memblock_alloc(t->nr_entries * sizeof(*res), sizeof(void *));
	if (!res)
		panic("e820: no memory for %u resources", t->nr_entries);
	for (e = t->entries; e < t->entries + t->nr_entries; e++, res++) {
		res->start = e->addr;
		res->end = e->addr + e->size - 1;
		res->name = e820_type_to_string(e->type);
		res->flags = IORESOURCE_MEM;
		if (e820_entry_is_busy(e))
			res->flags |= IORESOURCE_BUSY;
		if (e->type == E820_TYPE_RAM ||
		    e->type == E820_TYPE_RESERVED_KERN)
			res->flags |= IORESOURCE_SYSTEM_RAM;
		if (insert_resource(&iomem_resource, res))
			pr_warn("resource: %s [mem 0x%08llx-0x%08llx] conflicts with another\n",
				res->name, (u64)res->start, (u64)res->end);
	}
}

int iomem_proc_show(struct seq_file *m)
{
	resource_show(m, &iomem_resource);
	return 0;
}
