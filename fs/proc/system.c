// SPDX-License-Identifier: MIT
/* What the machine is and was told: short files of one line each. */
#include "internal.h"

#include <linux/cpumask.h>
#include <linux/ioport.h>
#include <linux/kernel.h>
#include <linux/percpu.h>
#include <linux/topology.h>

#include <octavo/machine.h>
#include <octavo/version.h>

int cmdline_show(struct seq_file *m)
{
	seq_puts(m, boot_command_line);
	seq_putc(m, '\n');
	return 0;
}

int version_show(struct seq_file *m)
{
	seq_printf(m, "Linux version %s-octavo (Octavo %s) (%s) #1 SMP PREEMPT\n",
		   OCTAVO_LINUX_VERSION, OCTAVO_VERSION, __VERSION__);
	return 0;
}

int cpuinfo_show(struct seq_file *m)
{
	int cpu;

	for_each_online_cpu(cpu) {
		seq_printf(m, "processor\t: %d\n", cpu);
		seq_printf(m, "physical id\t: %d\n\n", cpu_to_node(cpu));
	}
	return 0;
}

int percpu_stats_file_show(struct seq_file *m)
{
	percpu_stats_show(m);
	return 0;
}

int iomem_show(struct seq_file *m)
{
	resource_show(m, &iomem_resource);
	return 0;
}

static void kmsg_line(void *ctx, const char *s, size_t n)
{
	seq_write(ctx, s, n);
}

int kmsg_show(struct seq_file *m)
{
	unsigned long lost = log_for_each(kmsg_line, m);

	if (lost)
		seq_printf(m, "(%lu older lines were overwritten)\n", lost);
	return 0;
}

/* There is nothing to swap to: the table has only its head. */
int swaps_show(struct seq_file *m)
{
	seq_puts(m, "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n");
	return 0;
}
