// SPDX-License-Identifier: MIT
/*
 * /sys/devices/system/cpu: which CPUs there are, and the switch of each.
 *
 *   kernel_max offline online possible present   lists of CPUs
 *   hotplug/states                               what is done when one comes
 *   cpuN/online                                  1 and 0; written, it does it
 *
 * CPU 0 has no switch, as it stays.
 */
#include <linux/proc_fs.h>

#include <linux/cpu.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/string.h>

#include <octavo/machine.h>

#include "proc/internal.h"

static int mask_show(struct seq_file *m, const struct cpumask *mask)
{
	seq_printf(m, "%*pbl\n", NR_CPUS, cpumask_bits(mask));
	return 0;
}

static int online_show(struct seq_file *m)
{
	return mask_show(m, cpu_online_mask);
}

static int possible_show(struct seq_file *m)
{
	return mask_show(m, cpu_possible_mask);
}

static int present_show(struct seq_file *m)
{
	return mask_show(m, cpu_present_mask);
}

static int offline_show(struct seq_file *m)
{
	struct cpumask mask;

	cpumask_andnot(&mask, cpu_possible_mask, cpu_online_mask);
	return mask_show(m, &mask);
}

static int kernel_max_show(struct seq_file *m)
{
	seq_printf(m, "%d\n", NR_CPUS - 1);
	return 0;
}

static int states_show(struct seq_file *m)
{
	const char *name;
	int state;

	for (state = CPUHP_OFFLINE; state <= CPUHP_ONLINE; state++) {
		name = cpuhp_state_name(state);
		if (name)
			seq_printf(m, "%3d: %s\n", state, name);
	}
	return 0;
}

static const struct proc_entry cpu_files[] = {
	{ "hotplug/states", states_show },
	{ "kernel_max", kernel_max_show },
	{ "offline", offline_show },
	{ "online", online_show },
	{ "possible", possible_show },
	{ "present", present_show },
};

/* "cpu12/online": the CPU, which can be switched; -1 for other text. */
static int cpu_of_path(const char *path)
{
	unsigned long cpu;
	char *end;

	if (strncmp(path, "cpu", 3) || path[3] < '1' || path[3] > '9')
		return -1;
	cpu = simple_strtoul(path + 3, &end, 10);
	if (strcmp(end, "/online") || cpu >= NR_CPUS ||
	    !cpu_present((unsigned int)cpu))
		return -1;
	return (int)cpu;
}

int sysfs_cpu_show(const char *path, struct seq_file *m)
{
	int cpu = cpu_of_path(path);
	size_t i;

	if (cpu >= 0) {
		seq_printf(m, "%d\n", cpu_online((unsigned int)cpu));
		return 0;
	}
	for (i = 0; i < ARRAY_SIZE(cpu_files); i++)
		if (!strcmp(path, cpu_files[i].name))
			return cpu_files[i].show(m);
	return -ENOENT;
}

/* Why it did not come or go, for who asked. */
static const char *error_text(int err)
{
	switch (err) {
	case -EBUSY:
		return "it is the last one, or a thread is bound to it";
	case -ENOMEM:
		return "no memory";
	case -EIO:
		return "it does not start";
	default:
		return "see the log";
	}
}

int sysfs_cpu_store(const char *path, const char *text, char *why, size_t size)
{
	int cpu, err;
	bool on;

	if (strncmp(path, SYS_CPU, strlen(SYS_CPU)))
		return -ENOENT;
	cpu = cpu_of_path(path + strlen(SYS_CPU));
	if (cpu < 0)
		return -ENOENT;
	if (kstrtobool(text, &on)) {
		scnprintf(why, size, "%s: \"%s\" is neither 0 nor 1", path,
			  text);
		return -EINVAL;
	}
	err = on ? add_cpu((unsigned int)cpu) : remove_cpu((unsigned int)cpu);
	if (err >= 0)
		return 0;
	scnprintf(why, size, "%s: CPU %d stays %s: %s", path, cpu,
		  on ? "off-line" : "on-line", error_text(err));
	return err;
}

void sysfs_cpu_for_each(void (*fn)(const char *name, void *ctx), void *ctx)
{
	unsigned int cpu;
	char path[64];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cpu_files); i++) {
		scnprintf(path, sizeof(path), SYS_CPU "%s", cpu_files[i].name);
		fn(path, ctx);
	}
	for_each_present_cpu(cpu) {
		if (!cpu)
			continue;
		scnprintf(path, sizeof(path), SYS_CPU "cpu%u/online", cpu);
		fn(path, ctx);
	}
}
