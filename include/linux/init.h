/* SPDX-License-Identifier: MIT */
/*
 * Code and data needed only while starting. On a booted port the sections
 * lie between __init_begin and __init_end, and go to the buddy system when
 * start-up is over; on the host, and in modules, which start later, they are
 * ordinary ones.
 */
#ifndef _LINUX_INIT_H
#define _LINUX_INIT_H

#include <linux/compiler.h>
#include <linux/stringify.h>
#include <linux/types.h>
#include <asm/init.h>

#ifdef MODULE
#undef __init
#undef __initdata
#undef __initconst
#define __init
#define __initdata
#define __initconst
#endif
#define __exit		__maybe_unused
#define __exitdata	__maybe_unused
#define __meminit
#define __meminitdata
#define __refdata
#define __ref
#define __exit_p(x)	(x)
#define __devinit

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

typedef int (*initcall_t)(void);
typedef void (*exitcall_t)(void);

/*
 * An init or exit function of a module. Init functions run by level, 0 to
 * 15, within a level in the order in which they were linked; exit functions
 * in the reverse order of their modules' init.
 */
struct module_call {
	union {
		initcall_t init;
		exitcall_t exit;
	};
	struct module *mod;		/* whose it is; NULL: nobody's */
	const char *name;		/* the function's */
	unsigned long level;
};

#define __MODULE_CALL(section, id, field, fn, lvl)			\
	static const struct module_call id				\
	__used __aligned(sizeof(void *)) __section(section) = {			\
		.field = fn, .mod = THIS_MODULE, .name = #fn, .level = (lvl) }
#define __initcall_level(fn, lvl)					\
	__MODULE_CALL("octavo_initcalls", __UNIQUE_ID(initcall), init, fn, lvl)

#define early_initcall(fn)		__initcall_level(fn, 0)
#define pure_initcall(fn)		__initcall_level(fn, 0)
#define core_initcall(fn)		__initcall_level(fn, 1)
#define core_initcall_sync(fn)		__initcall_level(fn, 2)
#define postcore_initcall(fn)		__initcall_level(fn, 3)
#define postcore_initcall_sync(fn)	__initcall_level(fn, 4)
#define arch_initcall(fn)		__initcall_level(fn, 5)
#define arch_initcall_sync(fn)		__initcall_level(fn, 6)
#define subsys_initcall(fn)		__initcall_level(fn, 7)
#define subsys_initcall_sync(fn)	__initcall_level(fn, 8)
#define fs_initcall(fn)			__initcall_level(fn, 9)
#define fs_initcall_sync(fn)		__initcall_level(fn, 10)
#define rootfs_initcall(fn)		__initcall_level(fn, 11)
#define device_initcall(fn)		__initcall_level(fn, 12)
#define device_initcall_sync(fn)	__initcall_level(fn, 13)
#define late_initcall(fn)		__initcall_level(fn, 14)
#define late_initcall_sync(fn)		__initcall_level(fn, 15)
#define INITCALL_LEVELS			16
#define __initcall(fn)			device_initcall(fn)
#define __exitcall(fn)							\
	__MODULE_CALL("octavo_exitcalls", __UNIQUE_ID(exitcall), exit, fn, 0)

#define module_init(fn)			__initcall(fn)
#define module_exit(fn)			__exitcall(fn)

#endif
