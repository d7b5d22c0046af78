/* SPDX-License-Identifier: MIT */
/* Messages of a device, which they name. */
#ifndef _LINUX_DEV_PRINTK_H
#define _LINUX_DEV_PRINTK_H

#include <linux/printk.h>

struct device;

#define dev_printk(level, dev, fmt, ...)					\
	printk(level "%s: " fmt, dev_name(dev), ##__VA_ARGS__)
#define dev_emerg(dev, fmt, ...)						\
	dev_printk(KERN_EMERG, dev, fmt, ##__VA_ARGS__)
#define dev_emerg_once(dev, fmt, ...)					\
	printk_once(KERN_EMERG "%s: " fmt, dev_name(dev), ##__VA_ARGS__)
#define dev_emerg_ratelimited(dev, fmt, ...)				\
	printk_ratelimited(KERN_EMERG "%s: " fmt, dev_name(dev), ##__VA_ARGS__)
#define dev_alert(dev, fmt, ...)						\
	dev_printk(KERN_ALERT, dev, fmt, ##__VA_ARGS__)
#define dev_alert_once(dev, fmt, ...)					\
	printk_once(KERN_ALERT "%s: " fmt, dev_name(dev), ##__VA_ARGS__)
#define dev_alert_ratelimited(dev, fmt, ...)				\
	printk_ratelimited(KERN_ALERT "%s: " fmt, dev_name(dev), ##__VA_ARGS__)
#define dev_crit(dev, fmt, ...)						\
	dev_printk(KERN_CRIT, dev, fmt, ##__VA_ARGS__)
#define dev_crit_once(dev, fmt, ...)					\
	printk_once(KERN_CRIT "%s: " fmt, dev_name(dev), ##__VA_ARGS__)
#define dev_crit_ratelimited(dev, fmt, ...)				\
	printk_ratelimited(KERN_CRIT "%s: " fmt, dev_name(dev), ##__VA_ARGS__)
#define dev_err(dev, fmt, ...)						\
	dev_printk(KERN_ERR, dev, fmt, ##__VA_ARGS__)
#define dev_err_once(dev, fmt, ...)					\
	printk_once(KERN_ERR "%s: " fmt, dev_name(dev), ##__VA_ARGS__)
#define dev_err_ratelimited(dev, fmt, ...)				\
	printk_ratelimited(KERN_ERR "%s: " fmt, dev_name(dev), ##__VA_ARGS__)
#define dev_warn(dev, fmt, ...)						\
	dev_printk(KERN_WARNING, dev, fmt, ##__VA_ARGS__)
#define dev_warn_once(dev, fmt, ...)					\
	printk_once(KERN_WARNING "%s: " fmt, dev_name(dev), ##__VA_ARGS__)
#define dev_warn_ratelimited(dev, fmt, ...)				\
	printk_ratelimited(KERN_WARNING "%s: " fmt, dev_name(dev), ##__VA_ARGS__)
#define dev_notice(dev, fmt, ...)						\
	dev_printk(KERN_NOTICE, dev, fmt, ##__VA_ARGS__)
#define dev_notice_once(dev, fmt, ...)					\
	printk_once(KERN_NOTICE "%s: " fmt, dev_name(dev), ##__VA_ARGS__)
#define dev_notice_ratelimited(dev, fmt, ...)				\
	printk_ratelimited(KERN_NOTICE "%s: " fmt, dev_name(dev), ##__VA_ARGS__)
#define dev_info(dev, fmt, ...)						\
	dev_printk(KERN_INFO, dev, fmt, ##__VA_ARGS__)
#define dev_info_once(dev, fmt, ...)					\
	printk_once(KERN_INFO "%s: " fmt, dev_name(dev), ##__VA_ARGS__)
#define dev_info_ratelimited(dev, fmt, ...)				\
	printk_ratelimited(KERN_INFO "%s: " fmt, dev_name(dev), ##__VA_ARGS__)
#define dev_dbg(dev, fmt, ...)						\
	dev_printk(KERN_DEBUG, dev, fmt, ##__VA_ARGS__)
#define dev_dbg_once(dev, fmt, ...)					\
	printk_once(KERN_DEBUG "%s: " fmt, dev_name(dev), ##__VA_ARGS__)
#define dev_dbg_ratelimited(dev, fmt, ...)				\
	printk_ratelimited(KERN_DEBUG "%s: " fmt, dev_name(dev), ##__VA_ARGS__)
#define dev_WARN(dev, fmt, ...)	WARN(1, "%s: " fmt, dev_name(dev), ##__VA_ARGS__)

#endif
