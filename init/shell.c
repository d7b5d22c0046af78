// SPDX-License-Identifier: MIT
/*
 * The console: reads a line, cuts it into words, runs the command that the
 * first one names. The commands stand in init/commands.c.
 *
 * Words are separated by blanks; "quotes" keep blanks in a word. A line
 * that starts with `#` is a comment.
 */
#include <octavo/shell.h>

#include <linux/ctype.h>
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/string.h>

#include <octavo/port.h>

void shell_write(struct shell *sh, const char *s, size_t n)
{
	sh->editor.io->write(sh->editor.io->ctx, s, n);
}

void shell_printf(struct shell *sh, const char *fmt, ...)
{
	char text[512];
	va_list args;
	int n;

	va_start(args, fmt);
	n = vscnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	shell_write(sh, text, (size_t)n);
}

/* Cuts @line in place; the number of words, -E2BIG for too many. */
static int shell_words(char *line, char **argv)
{
	int argc = 0;

	for (;;) {
		line = skip_spaces(line);
		if (!*line || (*line == '#' && !argc))
			break;
		if (argc == SHELL_ARGS)
			return -E2BIG;
		if (*line == '"') {
			argv[argc++] = ++line;
			line += strcspn(line, "\"");
		} else {
			argv[argc++] = line;
			while (*line && !isspace(*line))
				line++;
		}
		if (*line)
			*line++ = '\0';
	}
	argv[argc] = NULL;
	return argc;
}

static const struct shell_command *shell_find(const char *name)
{
	unsigned int i;

	for (i = 0; i < nr_shell_commands; i++)
		if (!strcmp(shell_commands[i].name, name))
			return &shell_commands[i];
	return NULL;
}

int shell_execute(struct shell *sh, char *line)
{
	const struct shell_command *c;
	char *argv[SHELL_ARGS + 1];
	int argc = shell_words(line, argv), err;

	if (argc < 0) {
		shell_printf(sh, "a command has at most %d words\n",
			     SHELL_ARGS);
		return argc;
	}
	if (!argc)
		return 0;
	c = shell_find(argv[0]);
	if (!c) {
		shell_printf(sh, "%s: no such command; help lists them\n",
			     argv[0]);
		return -ENOENT;
	}
	err = c->fn(sh, argc, argv);
	if (err == -EINVAL)
		shell_printf(sh, "usage: %s%s%s\n", c->name,
			     c->usage[0] ? " " : "", c->usage);
	return err;
}

void shell_init(struct shell *sh, const struct shell_io *io)
{
	memset(sh, 0, sizeof(*sh));
	line_editor_init(&sh->editor, io, "octavo> ");
}

static int console_read(void *ctx)
{
	return port_console_read(true);
}

static void console_write(void *ctx, const char *s, size_t n)
{
	port_console_write(s, n);
}

void shell_run(void)
{
	static const struct shell_io console = {
		.read = console_read, .write = console_write,
	};
	struct shell *sh = alloc_pages_exact(sizeof(*sh), GFP_KERNEL);

	if (!sh) {
		pr_err("shell: no memory for the console\n");
		return;
	}
	shell_init(sh, &console);
	shell_printf(sh, "The console of Octavo. help lists the commands.\n");
	while (!sh->quit && line_editor_read(&sh->editor))
		shell_execute(sh, sh->editor.line);
	shell_free_all(sh);
	free_pages_exact(sh, sizeof(*sh));
}
