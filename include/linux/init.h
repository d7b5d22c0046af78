/* SPDX-License-Identifier: MIT */
/*
 * Code and data needed only while starting. On a booted port the sections
 * lie between __init_begin and __init_end, and go to the buddy system when
 * start-up is over; on the host they are ordinary sections.
 */
#ifndef _LINUX_INIT_H
#define _LINUX_INIT_H

#include <linux/compiler.h>
#include <asm/init.h>

#define __meminit
#define __meminitdata
#define __refdata
#define __ref

/*
 * A command-line option read before memory is set up: "name" or "name=value".
 * @fn gets the text after '=', or NULL. -EINVAL reports the option and its
 * value as malformed; another error says that @fn has reported why. Options
 * form a section, so that each stands beside its user.
 */
struct early_param {
	const char *name;
	int (*fn)(char *val);
};

#define early_param(str, fn)						\
	static const struct early_param __early_##fn			\
	__used __section("octavo_params") = { str, fn }

/* Calls the handlers for @cmdline, in its order; reports malformed values. */
void parse_early_options(const char *cmdline);
/*
 * For a handler: reports in one line that @name=@val (NULL: no value) is
 * ignored, and why: @reason goes on from there, "is no number". Returns
 * -EBADMSG, which is the handler's result.
 */
int option_malformed(const char *name, const char *val, const char *reason);
/* Logs the words of @cmdline that no handler is for. */
void report_unknown_options(const char *cmdline);

#endif
