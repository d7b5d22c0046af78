/* SPDX-License-Identifier: MIT */
/*
 * Options on the command line, beyond early_param() of linux/init.h.
 *
 *   name  name=value  name="a value"  "name=a value"  --  (ends the options)
 *
 * In a name `-` and `_` are the same.
 */
#ifndef _OCTAVO_OPTIONS_H
#define _OCTAVO_OPTIONS_H

#include <linux/init.h>
#include <linux/types.h>

/*
 * An option that its user reads with option_get() when it needs it: known, so
 * that nobody reports it.
 */
#define known_param(id, str)						\
	static const struct early_param __known_##id			\
	__used __section("octavo_params") = { str, NULL }

/*
 * The last option called @name on @cmdline. True when there is one; its text
 * behind '=' goes to @val, cut to @size bytes with its NUL, empty when there
 * is no '='. @val may be NULL with @size 0. Any context.
 */
bool option_get(const char *cmdline, const char *name, char *val, size_t size);

/*
 * Takes the next option off the front of @line, which it cuts into strings in
 * place; quotes are gone from the result. @val is NULL without '='. NULL at
 * the end of the line.
 */
char *option_next(char **line, char **val);

#endif
