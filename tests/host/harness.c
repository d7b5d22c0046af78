// SPDX-License-Identifier: MIT
/* Machines for hosted test programs: see harness.h. */
#include "harness.h"

#include <linux/errno.h>
#include <linux/kernel.h>

#include <octavo/machine.h>
#include <octavo/octavo.h>

#include "host.h"
#include "os/include/host_os.h"

/*
 * A machine of two nodes and four CPUs: enough for every fallback and for
 * CPUs that share a node and that do not.
 */
#define TEST_NODES	2
#define TEST_CPUS	4

static int machine_booted(const struct octavo_options *options)
{
	struct octavo_error err;
	struct octavo_machine *m = octavo_machine_create(options, &err);
	char line[sizeof(err.text) + 16];

	if (m)
		return octavo_bind(m, 0);
	host_write_stderr(line, (size_t)scnprintf(line, sizeof(line), "%s\n",
						  err.text));
	return err.code;
}

static int machine_bare(const struct octavo_options *options)
{
	struct machine *m = host_machine_new(options);

	if (!m)
		return -ENOMEM;
	m->nr_cpus = 1;
	cpumask_set_cpu(0, &m->cpu_possible);
	host_arena_setup(&m->arch, options->memory);
	return 0;
}

int harness_machine(uint64_t bytes, bool boot)
{
	struct octavo_options options = {
		.memory = bytes, .nodes = TEST_NODES, .cpus = TEST_CPUS,
		.seed = 1,
	};

	return boot ? machine_booted(&options) : machine_bare(&options);
}

int harness_machine_with(uint64_t bytes, const char *cmdline)
{
	struct octavo_options options = {
		.memory = bytes, .nodes = TEST_NODES, .cpus = TEST_CPUS,
		.seed = 1, .cmdline = cmdline,
	};

	return machine_booted(&options);
}

void harness_machine_end(void)
{
	struct machine *m = this_machine();

	if (!m)
		return;
	if (m->state != SYSTEM_BOOTING)
		octavo_machine_destroy((struct octavo_machine *)m);
	else
		host_machine_free(m);
}

void harness_log(harness_emit emit, void *ctx)
{
	log_for_each(emit, ctx);
}
