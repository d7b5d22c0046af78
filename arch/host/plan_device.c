// SPDX-License-Identifier: MIT
/*
 * Where a hosted machine has the memory of devices: what the options say, all
 * that the text of a /proc/iomem names that is no memory, and without a map
 * what a PC has below 4 GiB. Whole pages, in order; what overlaps or touches
 * becomes one.
 */
#include "plan.h"

#include <linux/align.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include <asm/e820/api.h>
#include <asm/page.h>
#include <asm/pgtable_types.h>

/* What a page-table entry can name. */
#define DEVICE_END	(PTE_PFN_MASK + PAGE_SIZE)

static const struct e820_entry *ram_within(const struct host_plan *plan,
					   u64 start, u64 end)
{
	const struct e820_entry *e = plan->map.entries;

	for (; e < plan->map.entries + plan->map.nr_entries; e++)
		if (e->type == E820_TYPE_RAM && e->addr < end &&
		    e->addr + e->size > start)
			return e;
	return NULL;
}

/* -ENOSPC: no place for one more. */
static int device_add(struct host_plan *plan, u64 start, u64 end)
{
	struct host_device *d = plan->devices;
	unsigned int nr = plan->nr_devices, first = 0, last;

	while (first < nr && d[first].end < start)
		first++;
	for (last = first; last < nr && d[last].start <= end; last++) {
		start = min(start, d[last].start);
		end = max(end, d[last].end);
	}
	if (first == last && nr == HOST_MAX_DEVICES)
		return -ENOSPC;
	memmove(&d[first + 1], &d[last], (nr - last) * sizeof(*d));
	d[first] = (struct host_device){ start, end };
	plan->nr_devices = nr + 1 - (last - first);
	return 0;
}

static int device_option(struct host_plan *plan, unsigned int i,
			 struct octavo_error *err)
{
	const struct octavo_range *r = &plan->options->device_mem[i];
	u64 start = r->start, end = start + r->size;
	const struct e820_entry *ram;
	unsigned int j;

	if (!IS_ALIGNED(start | r->size, PAGE_SIZE) || !r->size)
		return host_error(err, -EINVAL,
				  "device memory %u at %#llx: %llu bytes are not whole pages of 4096",
				  i, start, (u64)r->size);
	if (end < start || end > DEVICE_END)
		return host_error(err, -E2BIG,
				  "device memory %u at %#llx: %llu bytes reach above 2^52",
				  i, start, (u64)r->size);
	ram = ram_within(plan, start, end);
	if (ram)
		return host_error(err, -EINVAL,
				  "device memory %u [mem %#llx-%#llx] overlaps RAM [mem %#llx-%#llx]",
				  i, start, end - 1, ram->addr,
				  ram->addr + ram->size - 1);
	for (j = 0; j < i; j++) {
		const struct octavo_range *o = &plan->options->device_mem[j];

		if (o->start < end && o->start + o->size > start)
			return host_error(err, -EINVAL,
					  "device memory %u [mem %#llx-%#llx] overlaps device memory %u",
					  i, start, end - 1, j);
	}
	if (device_add(plan, start, end))
		return host_error(err, -ENOSPC,
				  "device memory %u: more than %u ranges",
				  i, HOST_MAX_DEVICES);
	return 0;
}

/* What a text says is not the caller's fault: what does not fit is left. */
static void device_of_text(void *ctx, u64 start, u64 last, const char *name,
			   size_t n)
{
	struct host_plan *plan = ctx;
	u64 end;

	(void)name;
	(void)n;
	if (last >= DEVICE_END)
		return;
	start = ALIGN_DOWN(start, PAGE_SIZE);
	end = ALIGN(last + 1, PAGE_SIZE);
	if (!ram_within(plan, start, end))
		(void)device_add(plan, start, end);
}

int host_plan_devices(struct host_plan *plan, struct octavo_error *err)
{
	const struct octavo_options *o = plan->options;
	unsigned int i;
	int ret;

	for (i = 0; i < o->nr_device_mem; i++) {
		ret = device_option(plan, i, err);
		if (ret)
			return ret;
	}
	if (!o->map.data)
		(void)device_add(plan, PC_LOW_END, PC_ABOVE_4G);
	else if (o->map_format == OCTAVO_MAP_IOMEM)
		iomem_devices(o->map.data, o->map.size, device_of_text, plan);
	return 0;
}
