// SPDX-License-Identifier: MIT
/* /proc/sys/vm: the settings that this machine has. */
#include "internal.h"

#include <linux/kernel.h>
#include <linux/vmstat.h>

#include <octavo/machine.h>

static int show_int(struct seq_file *m, int n)
{
	seq_printf(m, "%d\n", n);
	return 0;
}

static int dirty_background_ratio_show(struct seq_file *m)
{
	return show_int(m, this_machine()->page_alloc.dirty_background_ratio);
}

static int dirty_ratio_show(struct seq_file *m)
{
	return show_int(m, this_machine()->page_alloc.dirty_ratio);
}

static int min_free_kbytes_show(struct seq_file *m)
{
	return show_int(m, this_machine()->page_alloc.min_free_kbytes);
}

static int watermark_boost_factor_show(struct seq_file *m)
{
	return show_int(m, this_machine()->page_alloc.watermark_boost_factor);
}

static int watermark_scale_factor_show(struct seq_file *m)
{
	return show_int(m, this_machine()->page_alloc.watermark_scale_factor);
}

static int numa_zonelist_order_show(struct seq_file *m)
{
	seq_puts(m, "Node\n");
	return 0;
}

const struct proc_entry proc_sysctl[] = {
	{ "sys/vm/dirty_background_ratio", dirty_background_ratio_show },
	{ "sys/vm/dirty_ratio", dirty_ratio_show },
	{ "sys/vm/min_free_kbytes", min_free_kbytes_show },
	{ "sys/vm/numa_zonelist_order", numa_zonelist_order_show },
	{ "sys/vm/watermark_boost_factor", watermark_boost_factor_show },
	{ "sys/vm/watermark_scale_factor", watermark_scale_factor_show },
};
const size_t nr_proc_sysctl = ARRAY_SIZE(proc_sysctl);
