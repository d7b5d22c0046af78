/* SPDX-License-Identifier: MIT */
/*
 * A device, as much of one as messages and memory for it need: there is no
 * driver model.
 */
#ifndef _LINUX_DEVICE_H
#define _LINUX_DEVICE_H

#include <linux/byteorder.h>
#include <linux/numa.h>
#include <linux/printk.h>
#include <linux/types.h>

/* c: constant once the device is used, o: its driver's, as is the rest */
struct device {
	const char *init_name;		/* c: what messages call it; or NULL */
	void *driver_data;		/* o: its driver's */
	struct device *parent;		/* c: or NULL */
	u64 *dma_mask;			/* o: addresses that it can reach by
					 * streaming mappings; NULL: none */
	u64 coherent_dma_mask;		/* o: and of memory that it is given;
					 * 0: none */
	u64 bus_dma_limit;		/* c: the last address that its bus can
					 * carry; 0: no limit */
	int numa_node;			/* c: where it is, see dev_to_node() */
};

static inline const char *dev_name(const struct device *dev)
{
	return dev && dev->init_name ? dev->init_name : "(NULL device *)";
}

static inline void *dev_get_drvdata(const struct device *dev)
{
	return dev->driver_data;
}

static inline void dev_set_drvdata(struct device *dev, void *data)
{
	dev->driver_data = data;
}

/* The node nearest to the device; NUMA_NO_NODE when nobody knows. */
static inline int dev_to_node(const struct device *dev)
{
	return dev->numa_node;
}

static inline void set_dev_node(struct device *dev, int node)
{
	dev->numa_node = node;
}

#include <linux/dev_printk.h>

#endif
