// SPDX-License-Identifier: MIT
/*
 * A line editor for a serial terminal that knows VT100's few sequences.
 *
 *   left right, ^B ^F    home end, ^A ^E    up down, ^P ^N  history
 *   backspace, delete    ^U ^K  to the start, to the end     ^W  word
 *   ^C  start over       ^D  at the start of an empty line: end of input
 *   ^L  draw again
 *
 * What the screen shows is redrawn as a whole after each change but one: a
 * character at the end of the line is just echoed. A line that reaches the
 * end of its buffer rings the bell and takes no more.
 *
 * Invariant: at <= len < EDIT_LINE_MAX, and line[len] is NUL.
 */
#include <octavo/shell.h>

#include <linux/ctype.h>
#include <linux/kernel.h>
#include <linux/string.h>

#define CTRL(c)		((c) & 0x1f)
#define ESC		0x1b
#define DEL		0x7f

/* Keys that come as sequences, beyond what a byte can be. */
enum { KEY_NONE = 256, KEY_UP, KEY_DOWN, KEY_RIGHT, KEY_LEFT, KEY_HOME,
       KEY_END, KEY_DELETE };

static void edit_check(const struct line_editor *ed)
{
	BUG_ON(ed->at > ed->len || ed->len >= EDIT_LINE_MAX);
	BUG_ON(ed->line[ed->len]);
}

static void edit_write(struct line_editor *ed, const char *s, size_t n)
{
	ed->io->write(ed->io->ctx, s, n);
}

static void edit_puts(struct line_editor *ed, const char *s)
{
	edit_write(ed, s, strlen(s));
}

static void edit_draw(struct line_editor *ed)
{
	char move[16];

	edit_puts(ed, "\r");
	edit_puts(ed, ed->prompt);
	edit_write(ed, ed->line, ed->len);
	edit_puts(ed, "\033[K");
	if (ed->at < ed->len) {
		scnprintf(move, sizeof(move), "\033[%zuD", ed->len - ed->at);
		edit_puts(ed, move);
	}
}

/* Replaces the line; the cursor stands behind it. */
static void edit_set(struct line_editor *ed, const char *text)
{
	strscpy(ed->line, text, sizeof(ed->line));
	ed->len = ed->at = strlen(ed->line);
	edit_draw(ed);
}

static void edit_insert(struct line_editor *ed, char c)
{
	if (ed->len + 1 >= EDIT_LINE_MAX) {
		edit_puts(ed, "\a");
		return;
	}
	memmove(ed->line + ed->at + 1, ed->line + ed->at,
		ed->len - ed->at + 1);
	ed->line[ed->at++] = c;
	ed->len++;
	if (ed->at == ed->len)
		edit_write(ed, &c, 1);
	else
		edit_draw(ed);
}

/* Takes out [from, to); the cursor is in there or behind it. */
static void edit_cut(struct line_editor *ed, size_t from, size_t to)
{
	if (from == to)
		return;
	memmove(ed->line + from, ed->line + to, ed->len - to + 1);
	ed->len -= to - from;
	ed->at = from;
	edit_draw(ed);
}

static void edit_move(struct line_editor *ed, size_t to)
{
	ed->at = to;
	edit_draw(ed);
}

/* The start of the word before the cursor. */
static size_t edit_word(const struct line_editor *ed)
{
	size_t at = ed->at;

	while (at && isspace(ed->line[at - 1]))
		at--;
	while (at && !isspace(ed->line[at - 1]))
		at--;
	return at;
}

static char *history_line(struct line_editor *ed, unsigned int number)
{
	return ed->history[number % EDIT_HISTORY];
}

/* Goes to the line @back lines before the new one, if it is kept. */
static void history_go(struct line_editor *ed, unsigned int back)
{
	if (back > min(ed->nr_history, (unsigned int)EDIT_HISTORY))
		return;
	if (!ed->back)
		strscpy(ed->fresh, ed->line, sizeof(ed->fresh));
	ed->back = back;
	edit_set(ed, back ? history_line(ed, ed->nr_history - back) :
			    ed->fresh);
}

/* Keeps the line, unless it is blank or the same as the last. */
static void history_add(struct line_editor *ed)
{
	if (!*skip_spaces(ed->line))
		return;
	if (ed->nr_history &&
	    !strcmp(ed->line, history_line(ed, ed->nr_history - 1)))
		return;
	strscpy(history_line(ed, ed->nr_history), ed->line, EDIT_LINE_MAX);
	ed->nr_history++;
}

/* "ESC [ number ~": which key. */
static int key_of_number(int number)
{
	switch (number) {
	case 1: case 7: return KEY_HOME;
	case 3: return KEY_DELETE;
	case 4: case 8: return KEY_END;
	}
	return KEY_NONE;
}

static int key_of_letter(int c)
{
	switch (c) {
	case 'A': return KEY_UP;
	case 'B': return KEY_DOWN;
	case 'C': return KEY_RIGHT;
	case 'D': return KEY_LEFT;
	case 'H': return KEY_HOME;
	case 'F': return KEY_END;
	}
	return KEY_NONE;
}

/* The key behind an ESC; negative at the end of input. */
static int key_sequence(struct line_editor *ed)
{
	int c = ed->io->read(ed->io->ctx), number = 0;

	if (c != '[' && c != 'O')
		return c < 0 ? c : KEY_NONE;
	for (;;) {
		c = ed->io->read(ed->io->ctx);
		if (isdigit(c))
			number = min(number * 10 + (c - '0'), 999);
		else if (c == ';')
			number = 0;
		else
			break;
	}
	if (c < 0)
		return c;
	return c == '~' ? key_of_number(number) : key_of_letter(c);
}

static int key_read(struct line_editor *ed)
{
	int c = ed->io->read(ed->io->ctx);

	if (c == '\n' && ed->skip_newline)
		c = ed->io->read(ed->io->ctx);
	ed->skip_newline = c == '\r';
	return c == ESC ? key_sequence(ed) : c;
}

/* Keys that move about. False when @key is none of them. */
static bool edit_key_move(struct line_editor *ed, int key)
{
	switch (key) {
	case CTRL('B'): case KEY_LEFT:
		edit_move(ed, ed->at - (ed->at > 0));
		return true;
	case CTRL('F'): case KEY_RIGHT:
		edit_move(ed, ed->at + (ed->at < ed->len));
		return true;
	case CTRL('A'): case KEY_HOME:
		edit_move(ed, 0);
		return true;
	case CTRL('E'): case KEY_END:
		edit_move(ed, ed->len);
		return true;
	case CTRL('P'): case KEY_UP:
		history_go(ed, ed->back + 1);
		return true;
	case CTRL('N'): case KEY_DOWN:
		if (ed->back)
			history_go(ed, ed->back - 1);
		return true;
	}
	return false;
}

/* Keys that change the line. */
static void edit_key_change(struct line_editor *ed, int key)
{
	switch (key) {
	case CTRL('H'): case DEL:
		edit_cut(ed, ed->at - (ed->at > 0), ed->at);
		break;
	case CTRL('D'): case KEY_DELETE:
		edit_cut(ed, ed->at, ed->at + (ed->at < ed->len));
		break;
	case CTRL('U'):
		edit_cut(ed, 0, ed->at);
		break;
	case CTRL('K'):
		edit_cut(ed, ed->at, ed->len);
		break;
	case CTRL('W'):
		edit_cut(ed, edit_word(ed), ed->at);
		break;
	case CTRL('L'):
		edit_puts(ed, "\033[H\033[2J");
		edit_draw(ed);
		break;
	default:
		if (isprint(key))
			edit_insert(ed, (char)key);
	}
}

static void edit_start(struct line_editor *ed)
{
	ed->line[0] = '\0';
	ed->len = ed->at = 0;
	ed->back = 0;
	edit_puts(ed, ed->prompt);
}

void line_editor_init(struct line_editor *ed, const struct shell_io *io,
		      const char *prompt)
{
	memset(ed, 0, sizeof(*ed));
	ed->io = io;
	ed->prompt = prompt;
}

const char *line_editor_read(struct line_editor *ed)
{
	edit_start(ed);
	for (;;) {
		int key = key_read(ed);

		if (key < 0 || (key == CTRL('D') && !ed->len)) {
			edit_puts(ed, "\n");
			return NULL;
		}
		if (key == '\r' || key == '\n') {
			edit_puts(ed, "\n");
			history_add(ed);
			return ed->line;
		}
		if (key == CTRL('C')) {
			edit_puts(ed, "^C\n");
			edit_start(ed);
		} else if (!edit_key_move(ed, key)) {
			edit_key_change(ed, key);
		}
		edit_check(ed);
	}
}
