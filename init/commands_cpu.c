// SPDX-License-Identifier: MIT
/* The console's command for CPUs: which there are, and one on or off. */
#include "shell_commands.h"

#include <linux/cpu.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/string.h>
#include <linux/topology.h>

#include <octavo/machine.h>

static void cpus_show(struct shell *sh)
{
	unsigned int cpu;

	shell_printf(sh, "%4s %4s %s\n", "CPU", "NODE", "STATE");
	for_each_possible_cpu(cpu)
		shell_printf(sh, "%4u %4d %s\n", cpu, cpu_to_node((int)cpu),
			     cpu_online(cpu) ? "on-line" :
			     cpu_present(cpu) ? "off-line" : "not there");
}

/* The reason of remove_cpu() and add_cpu(), in a word. */
static const char *refusal(int err)
{
	switch (err) {
	case 1:
		return "it is already";
	case -EINVAL:
		return "there is no such CPU";
	case -EPERM:
		return "the first CPU stays";
	case -EBUSY:
		return "it is the last one, or in use";
	case -ENOMEM:
		return "no memory";
	default:
		return "dmesg says more";
	}
}

int command_cpu(struct shell *sh, int argc, char **argv)
{
	unsigned int cpu;
	bool on;
	int err;

	if (argc == 1) {
		cpus_show(sh);
		return 0;
	}
	if (argc != 3 || (strcmp(argv[2], "on") && strcmp(argv[2], "off")))
		return -EINVAL;
	if (kstrtouint(argv[1], 10, &cpu)) {
		shell_printf(sh, "cpu: %s: not a number\n", argv[1]);
		return -ERANGE;
	}
	on = !strcmp(argv[2], "on");
	err = on ? add_cpu(cpu) : remove_cpu(cpu);
	if (err)
		shell_printf(sh, "cpu: CPU %u does not go %s-line: %s (%d)\n",
			     cpu, argv[2], refusal(err), err);
	return err == -EINVAL ? -ERANGE : err == 1 ? -EALREADY : err;
}
