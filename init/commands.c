// SPDX-License-Identifier: MIT
/*
 * The console's table of commands, and those that show or run something
 * whole. What takes and maps memory stands in commands_memory.c.
 */
#include "shell_commands.h"

#include <linux/cpumask.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/proc_fs.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include <kunit/test.h>
#include <octavo/log.h>
#include <octavo/machine.h>
#include <octavo/port.h>
#include <octavo/start.h>

static void emit_shell(void *ctx, const char *s, size_t n)
{
	shell_write(ctx, s, n);
}

static int command_help(struct shell *sh, int argc, char **argv)
{
	const struct shell_command *c;
	unsigned int shown = 0;
	char call[64];

	for (c = shell_commands; c < shell_commands + nr_shell_commands; c++) {
		if (argc > 1 && strcmp(argv[1], c->name))
			continue;
		scnprintf(call, sizeof(call), "%s %s", c->name, c->usage);
		shell_printf(sh, "%-45s %s\n", call, c->help);
		shown++;
	}
	if (shown)
		return 0;
	shell_printf(sh, "help: %s: no such command\n", argv[1]);
	return -ENOENT;
}

static int command_cat(struct shell *sh, int argc, char **argv)
{
	struct seq_file m = { .emit = emit_shell, .ctx = sh };
	int i, err = 0;

	if (argc < 2)
		return -EINVAL;
	for (i = 1; i < argc && !err; i++) {
		err = proc_show(argv[i], &m);
		if (err == -ENOENT)
			shell_printf(sh, "cat: %s: no such file; ls lists them\n",
				     argv[i]);
		else if (err == -EACCES)
			shell_printf(sh, "cat: %s: can only be written\n",
				     argv[i]);
		else if (err)
			shell_printf(sh, "cat: %s: error %d\n", argv[i], err);
	}
	return err == -EINVAL ? -EIO : err;
}

static void list_file(const char *name, void *ctx)
{
	shell_printf(ctx, "%s%s\n", name[0] == '/' ? "" : "/proc/", name);
}

static int command_ls(struct shell *sh, int argc, char **argv)
{
	proc_for_each(list_file, sh);
	return 0;
}

static int command_dmesg(struct shell *sh, int argc, char **argv)
{
	unsigned long lost = log_for_each(emit_shell, sh);

	if (lost)
		shell_printf(sh, "(%lu older lines were overwritten)\n", lost);
	return 0;
}

static int command_loglevel(struct shell *sh, int argc, char **argv)
{
	int level;

	if (argc > 2)
		return -EINVAL;
	if (argc == 2) {
		if (kstrtoint(argv[1], 10, &level) || level < 0 || level > 8) {
			shell_printf(sh, "loglevel: %s: a level is 0 to 8\n",
				     argv[1]);
			return -ERANGE;
		}
		console_loglevel_set(level);
	}
	shell_printf(sh, "lines below level %d go to the console\n",
		     console_loglevel_get());
	return 0;
}

/* Argument @i as a number from 1 to @max; @def without one. */
static int number_arg(struct shell *sh, int argc, char **argv, int i,
		      unsigned int def, unsigned int max, unsigned int *n)
{
	*n = def;
	if (i >= argc)
		return 0;
	if (!kstrtouint(argv[i], 10, n) && *n >= 1 && *n <= max)
		return 0;
	shell_printf(sh, "%s: %s: not a number from 1 to %u\n", argv[0],
		     argv[i], max);
	return -ERANGE;
}

static int command_stress(struct shell *sh, int argc, char **argv)
{
	unsigned int seconds, threads;
	int err;

	if (argc > 3)
		return -EINVAL;
	err = number_arg(sh, argc, argv, 1, 2, 3600, &seconds);
	if (!err)
		err = number_arg(sh, argc, argv, 2, num_online_cpus(),
				 2 * NR_CPUS, &threads);
	if (err)
		return err;
	err = stress_run(seconds, threads);
	shell_printf(sh, "stress: %s (%d)\n", err ? "failed" : "passed", err);
	return err == -EINVAL ? -EIO : err;
}

static const char *task_state(const struct task_struct *p)
{
	switch (__atomic_load_n(&p->state, __ATOMIC_RELAXED)) {
	case TASK_RUNNING: return "running";
	case TASK_INTERRUPTIBLE: return "sleeping";
	case TASK_UNINTERRUPTIBLE: return "waiting";
	case TASK_DEAD: return "dead";
	}
	return "?";
}

static int command_threads(struct shell *sh, int argc, char **argv)
{
	struct thread_table *t = &this_machine()->threads;
	struct task_struct *p;

	shell_printf(sh, "%5s %4s %-9s %s\n", "PID", "CPU", "STATE", "NAME");
	if (!t->all.next) {
		shell_printf(sh, "no threads yet\n");
		return 0;
	}
	spin_lock(&t->lock);
	list_for_each_entry(p, &t->all, all_list)
		shell_printf(sh, "%5d %4d %-9s %s\n", p->pid, p->cpu,
			     task_state(p), p->comm);
	spin_unlock(&t->lock);
	return 0;
}

static int command_tour(struct shell *sh, int argc, char **argv)
{
	int failed = tour_run();

	shell_printf(sh, "tour: %d checks failed\n", failed);
	return failed ? -EIO : 0;
}

static int command_bench(struct shell *sh, int argc, char **argv)
{
	struct seq_file m = { .emit = emit_shell, .ctx = sh };
	bool quick = argc == 2 && !strcmp(argv[1], "quick");

	if (argc > 2 || (argc == 2 && !quick))
		return -EINVAL;
	return bench_run(quick, &m);
}

static int command_kunit(struct shell *sh, int argc, char **argv)
{
	struct kunit_run run = {
		.emit = emit_shell, .ctx = sh,
		.filter = argc > 1 ? argv[1] : NULL,
		.options = boot_command_line,
	};

	if (argc > 2)
		return -EINVAL;
	if (kunit_run_all(&run))
		return -EIO;
	if (run.passed || run.skipped)
		return 0;
	shell_printf(sh, "kunit: %s: no such test\n",
		     run.filter ? run.filter : "*");
	return -ENOENT;
}

static int command_poweroff(struct shell *sh, int argc, char **argv)
{
	sh->quit = true;
	return 0;
}

static int command_reboot(struct shell *sh, int argc, char **argv)
{
	shell_free_all(sh);
	port_reboot();
}

const struct shell_command shell_commands[] = {
	{ "alloc", "[-n NODE] [-z ZONE|GFP] ORDER [COUNT]",
	  "take pages; free gives them back", command_alloc },
	{ "bench", "[quick]", "what each call for memory costs", command_bench },
	{ "cat", "FILE...", "show a file, such as buddyinfo or meminfo",
	  command_cat },
	{ "check", "", "check every free list and counter", command_check },
	{ "cpu", "[N on|off]", "which CPUs run; bring or take one",
	  command_cpu },
	{ "dmesg", "", "show the log", command_dmesg },
	{ "echo", "TEXT... [> FILE]", "write to a file under /proc/sys",
	  command_echo },
	{ "fault", "bug|warn|panic|read|write|rodata|div|vmalloc",
	  "go wrong on purpose, to see the report", command_fault },
	{ "free", "[ID...|all]", "give pages back; without ID, list them",
	  command_free },
	{ "help", "[COMMAND]", "this list", command_help },
	{ "kunit", "[GLOB]", "run the unit tests", command_kunit },
	{ "loglevel", "[LEVEL]", "which log lines the console shows",
	  command_loglevel },
	{ "ls", "", "list the files that cat can show", command_ls },
	{ "memmap", "", "who uses which addresses, with nodes and zones",
	  command_memmap },
	{ "owner", "[PFN]", "who has pages, most first; or one frame",
	  command_owner },
	{ "peek", "ADDRESS [BYTES]", "what stands there, if it is memory",
	  command_peek },
	{ "poweroff", "", "end the machine", command_poweroff },
	{ "ps", "", "list threads", command_threads },
	{ "reboot", "", "start the machine anew", command_reboot },
	{ "stress", "[SECONDS] [THREADS]", "page calls on all CPUs at once",
	  command_stress },
	{ "sysctl", "[-a] [NAME[=VALUE]]...", "show and set vm.min_free_kbytes and the like",
	  command_sysctl },
	{ "threads", "", "list threads", command_threads },
	{ "tour", "", "check every page call and zone", command_tour },
	TRACE_COMMANDS
	{ "zones", "", "pages of each zone, and its watermarks",
	  command_zones },
};
const unsigned int nr_shell_commands = ARRAY_SIZE(shell_commands);
