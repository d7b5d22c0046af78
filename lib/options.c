// SPDX-License-Identifier: MIT
/*
 * The command line: words, names, values, and who wants them.
 *
 * Quotes keep blanks together wherever they stand in a word, and go when they
 * enclose the value or the word. Handlers come from the section
 * octavo_params, in no order; several may share a name and each is called.
 * The words are cut in a copy, so a handler's value is good during its call.
 *
 * Failure: a word cannot fail to parse; a quote that is not closed runs to
 * the end of the line. A line longer than COMMAND_LINE_SIZE is read that far.
 */
#include <octavo/options.h>

#include <linux/ctype.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include <octavo/machine.h>

extern const struct early_param __start_octavo_params[];
extern const struct early_param __stop_octavo_params[];

#define for_each_param(p)						\
	for ((p) = __start_octavo_params; (p) < __stop_octavo_params; (p)++)

/* The end of the word at @s: a blank outside quotes, or the NUL. */
static char *word_end(char *s)
{
	bool quoted = false;

	for (; *s; s++) {
		if (*s == '"')
			quoted = !quoted;
		else if (isspace(*s) && !quoted)
			break;
	}
	return s;
}

/* Drops a quote at the front of @s and the one that closes it at the end. */
static char *unquote(char *s)
{
	size_t n;

	if (*s != '"')
		return s;
	s++;
	n = strlen(s);
	if (n && s[n - 1] == '"')
		s[n - 1] = '\0';
	return s;
}

char *option_next(char **line, char **val)
{
	char *name = skip_spaces(*line), *end;

	*val = NULL;
	if (!*name) {
		*line = name;
		return NULL;
	}
	end = word_end(name);
	*line = end + (*end != '\0');
	*end = '\0';
	name = unquote(name);
	end = strchr(name, '=');
	if (end) {
		*end = '\0';
		*val = unquote(end + 1);
	}
	return name;
}

static bool name_equal(const char *a, const char *b)
{
	for (; *a && *b; a++, b++)
		if (*a != *b && !((*a == '-' || *a == '_') &&
				  (*b == '-' || *b == '_')))
			return false;
	return *a == *b;
}

void parse_early_options(const char *cmdline)
{
	char copy[COMMAND_LINE_SIZE], *line = copy, *name, *val;
	const struct early_param *p;

	strscpy(copy, cmdline, sizeof(copy));
	while ((name = option_next(&line, &val))) {
		if (!val && !strcmp(name, "--"))
			break;
		for_each_param(p)
			if (p->fn && name_equal(p->name, name) &&
			    p->fn(val) == -EINVAL)
				pr_warn("Malformed early option '%s%s%s'\n",
					name, val ? "=" : "", val ? val : "");
	}
}

int option_malformed(const char *name, const char *val, const char *reason)
{
	pr_warn("%s%s%s %s: ignored\n", name, val ? "=" : "", val ? val : "",
		reason);
	return -EBADMSG;
}

static bool option_known(const char *name)
{
	const struct early_param *p;

	for_each_param(p)
		if (name_equal(p->name, name))
			return true;
	return false;
}

/* Adds " word" to @list; false when it does not fit. */
static bool list_word(char *list, size_t size, const char *name,
		      const char *val)
{
	size_t n = strlen(list);
	int len = snprintf(list + n, size - n, " %s%s%s", name,
			   val ? "=" : "", val ? val : "");

	if ((size_t)len < size - n)
		return true;
	list[n] = '\0';
	return false;
}

void report_unknown_options(const char *cmdline)
{
	char copy[COMMAND_LINE_SIZE], *line = copy, *name, *val;
	char list[512] = "";	/* what a log line can hold */
	unsigned int more = 0;

	strscpy(copy, cmdline, sizeof(copy));
	while ((name = option_next(&line, &val))) {
		if (!val && !strcmp(name, "--"))
			break;
		/* A dot: a parameter of a module, for whoever loads it. */
		if (option_known(name) || strchr(name, '.'))
			continue;
		if (!list_word(list, sizeof(list), name, val))
			more++;
	}
	if (list[0])
		pr_notice("Unknown kernel command line parameters \"%s\", will be passed to user space.\n",
			  list + 1);
	if (more)
		pr_notice("... and %u more unknown parameters\n", more);
}

bool option_get(const char *cmdline, const char *name, char *buf, size_t size)
{
	char copy[COMMAND_LINE_SIZE], *line = copy, *word, *val;
	bool found = false;

	strscpy(copy, cmdline, sizeof(copy));
	while ((word = option_next(&line, &val))) {
		if (!val && !strcmp(word, "--"))
			break;
		if (!name_equal(word, name))
			continue;
		found = true;
		if (size)
			strscpy(buf, val ? val : "", size);
	}
	return found;
}
