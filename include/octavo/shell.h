/* SPDX-License-Identifier: MIT */
/* The console: a line editor and the commands behind it. */
#ifndef _OCTAVO_SHELL_H
#define _OCTAVO_SHELL_H

#include <linux/compiler.h>
#include <linux/types.h>

/* Where a console's characters come from and go to. */
struct shell_io {
	/* Waits for a character; negative at the end of input. */
	int (*read)(void *ctx);
	void (*write)(void *ctx, const char *s, size_t n);
	void *ctx;		/* theirs */
};

#define EDIT_LINE_MAX	256	/* characters of a line, its NUL too */
#define EDIT_HISTORY	16	/* lines kept */

/* A line being edited, and those before it. Owned by one thread. */
struct line_editor {
	const struct shell_io *io;
	const char *prompt;
	char line[EDIT_LINE_MAX];	/* what is being edited, with NUL */
	size_t len;			/* its characters */
	size_t at;			/* where the next one goes; <= len */
	char history[EDIT_HISTORY][EDIT_LINE_MAX];	/* a ring */
	unsigned int nr_history;	/* lines ever entered */
	unsigned int back;		/* lines back in history; 0: the new */
	char fresh[EDIT_LINE_MAX];	/* the new line, while back is not 0 */
	bool skip_newline;		/* a CR was the last; its LF is no line */
};

void line_editor_init(struct line_editor *ed, const struct shell_io *io,
		      const char *prompt);
/*
 * Lets the user edit one line and returns it, without its newline; it is good
 * until the next call. NULL at the end of input. Sleeps as io->read() does.
 */
const char *line_editor_read(struct line_editor *ed);

#define SHELL_ARGS	16	/* words of a command at most */
#define SHELL_BLOCKS	64	/* allocations held at most */

/* Pages that `alloc` took. Empty when page is NULL. */
struct shell_block {
	struct page *page;
	unsigned int order;
};

/* A running console. Owned by one thread. */
struct shell {
	struct line_editor editor;
	struct shell_block blocks[SHELL_BLOCKS];	/* place + 1 is its ID */
	bool quit;		/* leave after this command */
};

/* A command. @argv[0] is its name; argv[argc] is NULL. */
struct shell_command {
	const char *name;
	const char *usage;	/* its arguments */
	const char *help;	/* one line */
	/* 0; -EINVAL shows the usage. Anything else it has reported. */
	int (*fn)(struct shell *sh, int argc, char **argv);
};
extern const struct shell_command shell_commands[];
extern const unsigned int nr_shell_commands;

void shell_init(struct shell *sh, const struct shell_io *io);
/*
 * Runs one line, which is cut in place. 0, or what the command returned;
 * -ENOENT for a command that does not exist. May sleep.
 */
int shell_execute(struct shell *sh, char *line);
void __printf(2, 3) shell_printf(struct shell *sh, const char *fmt, ...);
void shell_write(struct shell *sh, const char *s, size_t n);
/* Frees what `alloc` still holds. */
void shell_free_all(struct shell *sh);

/*
 * Reads and runs commands from the port's console until its input ends or
 * somebody says poweroff. In a thread; sleeps.
 */
void shell_run(void);

#endif
