/* SPDX-License-Identifier: MIT */
/* A device, as much of one as messages need: there is no bus, no driver model. */
#ifndef _LINUX_DEVICE_H
#define _LINUX_DEVICE_H

#include <linux/printk.h>
#include <linux/types.h>

struct device {
	const char *init_name;		/* what messages call it; or NULL */
	void *driver_data;		/* its driver's */
	struct device *parent;		/* or NULL */
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

#include <linux/dev_printk.h>

#endif
