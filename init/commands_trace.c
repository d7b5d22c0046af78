// SPDX-License-Identifier: MIT
/*
 * The console's `trace`:
 *
 *   on NAMES, off [NAMES]   events: kmem, kmem:mm_page_alloc, percpu:*free*
 *   show, pipe              what was written down; pipe: and forget it
 *   clear, free             forget it; and give the memory back
 *   stat, list              counters of each CPU; events, * in front: on
 *   size KIB                of each CPU's ring
 *   dump                    a trace.dat to the port of trace_dump=ttyS1
 */
#include "shell_commands.h"

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/seq_file.h>
#include <linux/string.h>

#include <octavo/trace.h>
#include <octavo/trace_point.h>

static void emit_shell(void *ctx, const char *s, size_t n)
{
	shell_write(ctx, s, n);
}

/* The words from @i on turned on or off, all or none. */
static int trace_switch(struct shell *sh, int argc, char **argv, bool on)
{
	char names[EDIT_LINE_MAX], why[TRACE_WHY_MAX];
	size_t n = 0;
	int i, err;

	for (i = 2; i < argc; i++)
		n += (size_t)scnprintf(names + n, sizeof(names) - n, "%s ",
				       argv[i]);
	err = trace_events_set(names, on, why, sizeof(why));
	if (err)
		shell_printf(sh, "trace: %s\n", why);
	return err == -EINVAL ? -ERANGE : err;
}

static int trace_list(struct shell *sh)
{
	const struct tracepoint *tp;
	unsigned int i;

	for (i = 0; (tp = trace_event_at(i)); i++)
		if (tp->event)
			shell_printf(sh, "%c %s:%s\n",
				     trace_event_is_on(tp) ? '*' : ' ',
				     tp->event->system, tp->event->name);
	return 0;
}

static int trace_size(struct shell *sh, const char *text)
{
	unsigned long kb;
	int err = -EINVAL;

	if (!kstrtoul(text, 0, &kb))
		err = trace_size_set(kb);
	if (err == -EINVAL)
		shell_printf(sh, "trace: %s: no size that a ring can have, in KiB\n",
			     text);
	else if (err)
		shell_printf(sh, "trace: no memory for rings of %lu KiB\n", kb);
	return err == -EINVAL ? -ERANGE : err;
}

static int trace_print(struct shell *sh, bool consume)
{
	struct seq_file m = { .emit = emit_shell, .ctx = sh };
	int err = trace_show(&m, consume);

	if (err)
		shell_printf(sh, "trace: no memory to read with\n");
	return err;
}

static int trace_dump_command(struct shell *sh)
{
	int err = trace_dump();

	if (err == -ENODEV)
		shell_printf(sh, "trace: no place to dump to: start with trace_dump=ttyS1\n");
	else if (err)
		shell_printf(sh, "trace: no memory to read with\n");
	return err;
}

/* What is done without arguments. */
static int trace_plain(struct shell *sh, const char *what)
{
	struct seq_file m = { .emit = emit_shell, .ctx = sh };

	if (!strcmp(what, "off"))
		trace_events_off();
	else if (!strcmp(what, "show") || !strcmp(what, "pipe"))
		return trace_print(sh, what[0] == 'p');
	else if (!strcmp(what, "clear"))
		trace_clear();
	else if (!strcmp(what, "free"))
		trace_free();
	else if (!strcmp(what, "stat"))
		trace_stats_show(&m);
	else if (!strcmp(what, "list"))
		return trace_list(sh);
	else if (!strcmp(what, "dump"))
		return trace_dump_command(sh);
	else
		return -EINVAL;
	return 0;
}

int command_trace(struct shell *sh, int argc, char **argv)
{
	if (argc == 2)
		return trace_plain(sh, argv[1]);
	if (argc > 2 && !strcmp(argv[1], "on"))
		return trace_switch(sh, argc, argv, true);
	if (argc > 2 && !strcmp(argv[1], "off"))
		return trace_switch(sh, argc, argv, false);
	if (argc == 3 && !strcmp(argv[1], "size"))
		return trace_size(sh, argv[2]);
	return -EINVAL;
}
