// SPDX-License-Identifier: MIT
/*
 * The memory of a machine's devices: more of the same memfd.
 *
 *	memfd       0                ram_end          end of the last device
 *	            | RAM | hole | RAM |    device ...   |
 *	direct map  | RAM |      | RAM |
 *
 * An offset in the memfd is a physical address, so that device memory is
 * memory that the direct map does not show, and costs nothing until it is
 * touched. Below ram_end every hole is there; above it, what the options or
 * the map's text name. Nothing answers elsewhere, where a PC would read ones:
 * ioremap() refuses it.
 *
 * /proc/iomem has them by the names that the text gives.
 */
#include "host.h"

#include <linux/errno.h>
#include <linux/ioport.h>
#include <linux/kernel.h>
#include <linux/memblock.h>
#include <linux/string.h>

#include <asm/e820/api.h>
#include <asm/ioremap.h>
#include <asm/memtype.h>
#include <octavo/machine.h>

#include "os/include/host_os.h"
#include "plan.h"

bool port_io_reachable(phys_addr_t start, phys_addr_t end)
{
	const struct arch_machine *a = this_arch();
	unsigned int i;

	start = max(start, a->ram_end);
	/* In order, and none touches the next. */
	for (i = 0; i < a->nr_devices && start < end; i++)
		if (a->devices[i].start <= start)
			start = max(start, a->devices[i].end);
	return start >= end;
}

bool memtype_direct_map_has(u64 start, u64 end)
{
	return region_intersects(start, end - start, IORESOURCE_SYSTEM_RAM,
				 IORES_DESC_NONE) != REGION_DISJOINT;
}

void host_devices_setup(struct arch_machine *a, const struct host_plan *plan)
{
	size_t size = plan->nr_devices * sizeof(a->devices[0]);

	if (!size)
		return;
	a->devices = host_alloc(size);
	if (!a->devices)
		panic("no memory for %u ranges of devices", plan->nr_devices);
	memcpy(a->devices, plan->devices, size);
	a->nr_devices = plan->nr_devices;
}

void host_devices_release(struct arch_machine *a)
{
	host_free(a->devices);
	a->devices = NULL;
	a->nr_devices = 0;
}

phys_addr_t host_devices_end(const struct arch_machine *a)
{
	return a->nr_devices ? a->devices[a->nr_devices - 1].end : 0;
}

/* ---- /proc/iomem ------------------------------------------------------- */

/* Texts have what holds a range before it, even where both are one. */
static int device_place(struct resource *res)
{
	struct resource *parent = &iomem_resource, *in_the_way;

	for (;;) {
		in_the_way = request_resource_conflict(parent, res);
		if (!in_the_way)
			return 0;
		if (in_the_way == parent ||
		    !resource_contains(in_the_way, res))
			return insert_resource(parent, res);
		parent = in_the_way;
	}
}

static void device_insert(void *ctx, u64 start, u64 last, const char *name,
			  size_t n)
{
	struct resource *res;
	char *copy;

	(void)ctx;
	res = memblock_alloc(sizeof(*res) + n + 1, sizeof(void *));
	if (!res)
		panic("no memory for the resource at %#llx", start);
	copy = (char *)(res + 1);
	memcpy(copy, name, n);
	copy[n] = '\0';
	res->start = start;
	res->end = last;
	res->name = copy;
	res->flags = IORESOURCE_MEM;
	if (device_place(res))
		pr_warn("resource: %s [mem 0x%08llx-0x%08llx] conflicts with another\n",
			copy, start, last);
}

void host_devices_insert(const struct octavo_options *o)
{
	static const char name[] = "Device memory", bus[] = "PCI Bus 0000:00";
	unsigned int i;

	if (!o->map.data)
		device_insert(NULL, PC_LOW_END, PC_ABOVE_4G - 1, bus,
			      sizeof(bus) - 1);
	else if (o->map_format == OCTAVO_MAP_IOMEM)
		iomem_devices(o->map.data, o->map.size, device_insert, NULL);
	for (i = 0; i < o->nr_device_mem; i++)
		device_insert(NULL, o->device_mem[i].start,
			      o->device_mem[i].start +
			      o->device_mem[i].size - 1,
			      name, sizeof(name) - 1);
}
