// SPDX-License-Identifier: MIT
/* Modules on a machine in a process: the half that sees the core. */
#include "runner.h"

#include <linux/kernel.h>

#include <octavo/machine.h>
#include <octavo/modules.h>
#include <octavo/octavo.h>

#include "host.h"
#include "os/include/host_os.h"

struct run {
	const struct kcheck_args *args;
	unsigned int bad;		/* what modules_run() said */
};

static void run_body(void *arg)
{
	struct run *run = arg;
	struct modules_run modules = {
		.emit = kcheck_write,
		.filter = run->args->filter,
		.seed = run->args->seed,
		.replay = "octavo-kcheck DIR -f",
	};

	run->bad = modules_run(&modules);
}

static void say(const char *text)
{
	char line[sizeof(((struct octavo_error *)0)->text) + 32];

	kcheck_write(NULL, line, (size_t)scnprintf(line, sizeof(line),
						   "kcheck: %s\n", text));
}

static void console_write(void *ctx, const char *s, size_t n)
{
	kcheck_write(ctx, s, n);
}

int kcheck_run(const struct kcheck_args *args)
{
	struct octavo_options options = {
		.memory = args->memory, .nodes = args->nodes,
		.cpus = args->cpus, .seed = args->seed,
		.cmdline = args->cmdline,
		.console = args->verbose ? kcheck_write : NULL,
	};
	struct octavo_error err;
	struct octavo_machine *m = octavo_machine_create(&options, &err);
	struct run run = { .args = args };
	int thrown, bound;

	if (!m) {
		say(err.text);
		return 2;
	}
	bound = octavo_bind(m, 0);
	if (bound) {
		say("CPU 0 is not free");
		return 2;
	}
	((struct machine *)m)->arch.console = console_write;
	thrown = host_catch(run_body, &run);
	if (thrown)
		say("the machine stopped while modules ran");
	octavo_machine_destroy(m);
	return thrown || run.bad ? 1 : 0;
}
