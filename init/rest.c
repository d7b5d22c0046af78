// SPDX-License-Identifier: MIT
/*
 * What a booted port does once memory works: the init thread.
 *
 *   kunit[=GLOB]  run the unit tests, then power off
 *   tour          run the tour, then power off
 *   bench[=quick] run the bench, then power off
 *   otherwise     the console
 *
 * An image with modules (module/) runs them once: after the tour, or before
 * the console; kunit= then chooses among their suites.
 *
 * With several, they run in this order. The port reports success to whoever
 * started the machine only when every check passed.
 */
#include <octavo/start.h>

#include <linux/err.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/kthread.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/smp.h>
#include <linux/string.h>

#include <kunit/test.h>
#include <octavo/drivers.h>
#include <octavo/machine.h>
#include <octavo/modules.h>
#include <octavo/options.h>
#include <octavo/port.h>
#include <octavo/shell.h>
#include <octavo/trace.h>

/* Given back with the rest of init memory, so copied before that. */
struct init_plan {
	bool tour;
	bool kunit;
	bool bench;
	bool bench_quick;
	char filter[64];	/* of kunit; empty: all */
	unsigned long long seed; /* of kunit; 0: its default */
};

/* Options that init reads when it runs, not while the command line is. */
known_param(tour, "tour");

/* Read by init_plan_read(); named here so that they are known options. */
static int __init option_tour(char *val)
{
	return val ? -EINVAL : 0;
}
early_param("tour", option_tour);

static int __init option_kunit(char *val)
{
	return val && strlen(val) >= sizeof(((struct init_plan *)0)->filter) ?
	       -EINVAL : 0;
}
early_param("kunit", option_kunit);

static int __init option_bench(char *val)
{
	if (val && strcmp(val, "quick"))
		return option_malformed("bench", val, "is not quick");
	return 0;
}
early_param("bench", option_bench);

static void init_plan_read(struct init_plan *plan)
{
	const char *line = boot_command_line;
	char bench[8] = "";	/* "quick", or room for what it is not */
	char seed[24];		/* any 64-bit number, in any base from 8 */

	plan->tour = option_get(line, "tour", NULL, 0);
	plan->filter[0] = '\0';
	plan->kunit = option_get(line, "kunit", plan->filter,
				 sizeof(plan->filter));
	plan->bench = option_get(line, "bench", bench, sizeof(bench));
	plan->bench_quick = plan->bench && !strcmp(bench, "quick");
	plan->bench &= plan->bench_quick || !bench[0];
	plan->seed = 0;
	if (option_get(line, "kunit_seed", seed, sizeof(seed)) &&
	    kstrtoull(seed, 0, &plan->seed))
		pr_warn("kunit_seed=%s: not a number\n", seed);
}

static void console_emit(void *ctx, const char *s, size_t n)
{
	(void)ctx;
	port_console_write(s, n);
}

static int kunit_boot_run(const struct init_plan *plan)
{
	struct kunit_run run = {
		.emit = console_emit,
		.filter = plan->filter[0] ? plan->filter : NULL,
		.options = boot_command_line,
		.seed = plan->seed,
	};
	int failed;

	failed = kunit_run_all(&run);
	if (failed || run.passed || run.skipped)
		return failed;
	pr_err("kunit=%s: no such test with these options\n", plan->filter);
	return 1;
}

static unsigned int modules_boot_run(const struct init_plan *plan)
{
	struct modules_run run = {
		.emit = console_emit,
		.filter = plan->filter[0] ? plan->filter : NULL,
		.seed = plan->seed,
	};

	return modules_run(&run);
}

static int bench_boot_run(const struct init_plan *plan)
{
	struct seq_file m = { .emit = console_emit };

	return bench_run(plan->bench_quick, &m) != 0;
}

static int kernel_init(void *unused)
{
	struct init_plan plan;
	int failed = 0;

	(void)unused;
	init_plan_read(&plan);
	smp_init();
	start_late();
	drivers_start(pci_host_find());
	if (plan.kunit && !modules_present())
		failed += kunit_boot_run(&plan);
	if (plan.tour)
		failed += tour_run();
	if (modules_present())
		failed += modules_boot_run(&plan) != 0;
	if (plan.bench)
		failed += bench_boot_run(&plan);
	if (!plan.kunit && !plan.tour && !plan.bench)
		shell_run();
	trace_end();
	port_poweroff(failed == 0);
}

void __noreturn rest_init(void)
{
	struct task_struct *init = kthread_run(kernel_init, NULL, "init");

	if (IS_ERR(init))
		panic("no memory for the init thread: %ld", PTR_ERR(init));
	cpu_idle();
}
