// SPDX-License-Identifier: MIT
/*
 * A PC's way to PCI (linux/pci.h): configuration space through two ports, or
 * through memory where firmware tells of a window for it (the MCFG table).
 *
 *   ports    cf8 <- 80000000 | bus << 16 | devfn << 8 | register
 *            cfc    the register's four bytes
 *   window   base + (bus << 20 | devfn << 12 | register)
 *
 * A bus of the window is mapped when it is first asked for where that may
 * sleep; until then, and for buses that it has not, the ports answer.
 *
 * Failure: a window that firmware describes badly, or that cannot be mapped,
 * is one line, and not used.
 */
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/io.h>
#include <linux/kernel.h>
#include <linux/pci.h>
#include <linux/preempt.h>
#include <linux/spinlock.h>
#include <octavo/drivers.h>
#include <octavo/machine.h>
#include <octavo/this_machine.h>
#include <asm/acpi.h>
#include <asm/pci_host.h>

#define CONFIG_ADDRESS	0xcf8
#define CONFIG_DATA	0xcfc
#define CONFIG_ENABLE	0x80000000U

#define BUS_BYTES	(1UL << 20)
#define DEVFN_SHIFT	12

static struct x86_pci *x86_pci(void)
{
	return &this_arch()->port.pci;
}

/* ---- the window ---- */

/* The MCFG table: a window for a range of buses each. */
struct acpi_mcfg_entry {
	u64 address;		/* of bus 0, though the window starts later */
	u16 segment;
	u8 first_bus;
	u8 last_bus;
	u32 reserved;
} __packed;

#define MCFG_HEADER	44	/* bytes before the first entry */

static int __init mcfg_parse(const struct acpi_table_header *table)
{
	struct x86_pci *pci = x86_pci();
	const struct acpi_mcfg_entry *e;
	u32 at;

	for (at = MCFG_HEADER; at + sizeof(*e) <= table->length;
	     at += sizeof(*e)) {
		e = (const void *)((const u8 *)table + at);
		if (e->segment)
			continue;
		if (e->first_bus || e->first_bus > e->last_bus ||
		    !IS_ALIGNED(e->address, BUS_BYTES) || !e->address ||
		    e->address >> MAX_PHYSMEM_BITS) {
			pr_warn("PCI: ECAM at %#llx for buses %02x-%02x makes no sense: not used\n",
				e->address, e->first_bus, e->last_bus);
			continue;
		}
		pci->ecam = e->address;
		pci->first_bus = e->first_bus;
		pci->last_bus = e->last_bus;
		return 0;
	}
	return -ENODEV;
}

void __init pci_mmcfg_early_init(void)
{
	acpi_table_parse("MCFG", mcfg_parse);
}

static void ecam_setup(void)
{
	struct x86_pci *pci = x86_pci();
	struct resource *res = &pci->resource;

	if (!pci->ecam)
		return;
	res->start = pci->ecam;
	res->end = pci->ecam + (pci->last_bus + 1) * BUS_BYTES - 1;
	res->name = "PCI ECAM 0000";
	res->flags = IORESOURCE_MEM | IORESOURCE_BUSY;
	pr_info("PCI: ECAM [mem 0x%08llx-0x%08llx] (base 0x%08llx) for domain 0000 [bus %02x-%02x]\n",
		(u64)res->start, (u64)res->end, (u64)pci->ecam,
		pci->first_bus, pci->last_bus);
	if (insert_resource(&iomem_resource, res))
		pr_warn("PCI: ECAM overlaps what others have\n");
}

/* Where @bus is mapped, or NULL. */
static volatile u8 *ecam_bus(unsigned int bus)
{
	struct x86_pci *pci = x86_pci();
	volatile void *p, *none = NULL;

	if (!pci->ecam || bus > pci->last_bus)
		return NULL;
	p = __atomic_load_n(&pci->bus[bus], __ATOMIC_ACQUIRE);
	if (p || !preemptible())
		return p;
	p = ioremap(pci->ecam + bus * BUS_BYTES, BUS_BYTES);
	if (!p) {
		pr_warn("PCI: ECAM cannot be mapped: ports are used\n");
		pci->ecam = 0;
		return NULL;
	}
	if (__atomic_compare_exchange_n(&pci->bus[bus], &none, p, false,
					__ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
		return p;
	iounmap(p);
	return none;
}

static u32 memory_read(const volatile u8 *p, unsigned int size)
{
	return size == 1 ? readb(p) : size == 2 ? readw(p) : readl(p);
}

static void memory_write(volatile u8 *p, unsigned int size, u32 value)
{
	if (size == 1)
		writeb((u8)value, p);
	else if (size == 2)
		writew((u16)value, p);
	else
		writel(value, p);
}

/* ---- ports ---- */

static u32 pc_in(u16 port, unsigned int size)
{
	return size == 1 ? inb(port) : size == 2 ? inw(port) : inl(port);
}

static void pc_out(u16 port, unsigned int size, u32 value)
{
	if (size == 1)
		outb((u8)value, port);
	else if (size == 2)
		outw((u16)value, port);
	else
		outl(value, port);
}

static u32 config_address(unsigned int bus, u8 devfn, unsigned int where)
{
	return CONFIG_ENABLE | bus << 16 | (u32)devfn << 8 | (where & ~3U);
}

static u32 pc_read(unsigned int bus, u8 devfn, unsigned int where,
		   unsigned int size)
{
	const volatile u8 *window = ecam_bus(bus);
	unsigned long flags;
	u32 value;

	if (window)
		return memory_read(window + ((u32)devfn << DEVFN_SHIFT | where),
				   size);
	spin_lock_irqsave(&x86_pci()->lock, flags);
	outl(config_address(bus, devfn, where), CONFIG_ADDRESS);
	value = pc_in((u16)(CONFIG_DATA + (where & 3)), size);
	spin_unlock_irqrestore(&x86_pci()->lock, flags);
	return value;
}

static void pc_write(unsigned int bus, u8 devfn, unsigned int where,
		     unsigned int size, u32 value)
{
	volatile u8 *window = ecam_bus(bus);
	unsigned long flags;

	if (window) {
		memory_write(window + ((u32)devfn << DEVFN_SHIFT | where), size,
			     value);
		return;
	}
	spin_lock_irqsave(&x86_pci()->lock, flags);
	outl(config_address(bus, devfn, where), CONFIG_ADDRESS);
	pc_out((u16)(CONFIG_DATA + (where & 3)), size, value);
	spin_unlock_irqrestore(&x86_pci()->lock, flags);
}

/* Whether the two ports are there: the address reads as it was written. */
static bool ports_answer(void)
{
	u32 was = inl(CONFIG_ADDRESS), now;

	outl(CONFIG_ENABLE, CONFIG_ADDRESS);
	now = inl(CONFIG_ADDRESS);
	outl(was, CONFIG_ADDRESS);
	return now == CONFIG_ENABLE;
}

static volatile void *pc_map(phys_addr_t start, size_t size)
{
	return ioremap(start, size);
}

static void pc_unmap(volatile void *p, size_t size)
{
	(void)size;
	iounmap(p);
}

const struct pci_host *pci_host_find(void)
{
	static const struct pci_host host = {
		.read = pc_read, .write = pc_write,
		.map = pc_map, .unmap = pc_unmap,
		.in = pc_in, .out = pc_out,
		.irq_alloc = msi_alloc, .irq_free = msi_free,
	};

	if (this_machine()->drivers.pci_off)
		return NULL;
	ecam_setup();
	if (x86_pci()->ecam)
		return &host;
	if (ports_answer()) {
		pr_info("PCI: Using configuration type 1 for base access\n");
		return &host;
	}
	pr_info("PCI: there is none\n");
	return NULL;
}
