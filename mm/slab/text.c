// SPDX-License-Identifier: MIT
/* Text in memory of its own. */
#include <linux/kernel.h>

#include <linux/ctype.h>
#include <linux/slab.h>
#include <linux/string.h>

char *kvasprintf(gfp_t gfp, const char *fmt, va_list args)
{
	va_list again;
	char *text;
	int n;

	va_copy(again, args);
	n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	text = kmalloc((size_t)n + 1, gfp);
	if (text)
		vsnprintf(text, (size_t)n + 1, fmt, args);
	return text;
}

char *kasprintf(gfp_t gfp, const char *fmt, ...)
{
	va_list args;
	char *text;

	va_start(args, fmt);
	text = kvasprintf(gfp, fmt, args);
	va_end(args);
	return text;
}

/* Words of @s; with @argv, cut out of it. */
static int words(char *s, char **argv)
{
	int n = 0;

	for (;;) {
		s = skip_spaces(s);
		if (!*s)
			return n;
		if (argv)
			argv[n] = s;
		n++;
		while (*s && !isspace(*s))
			s++;
		if (argv && *s)
			*s++ = '\0';
	}
}

/* The block before argv[0] is the text that the words are cut out of. */
char **argv_split(gfp_t gfp, const char *str, int *argcp)
{
	char *text = kstrdup(str, gfp);
	int n = text ? words(text, NULL) : 0;
	char **argv = text ? kcalloc((size_t)n + 2, sizeof(*argv), gfp) : NULL;

	if (!argv) {
		kfree(text);
		return NULL;
	}
	*argv++ = text;
	words(text, argv);
	if (argcp)
		*argcp = n;
	return argv;
}

void argv_free(char **argv)
{
	kfree(argv[-1]);
	kfree(argv - 1);
}
