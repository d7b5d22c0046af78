/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_KCONFIG_H
#define _LINUX_KCONFIG_H

#include <linux/threads.h>

/*
 * IS_ENABLED(CONFIG_X): whether CONFIG_X, or CONFIG_X_MODULE, is defined as 1.
 * The option's value is pasted to a name whose expansion holds a comma.
 */
#define __OPTION_1		0,
#define __option_second(first, second, ...)	second
#define __option_pick(comma)	__option_second(comma 1, 0)
#define __option_paste(value)	__option_pick(__OPTION_##value)
#define __option_is(value)	__option_paste(value)
#define IS_BUILTIN(option)	__option_is(option)
#define IS_MODULE(option)	__option_is(option##_MODULE)
#define IS_REACHABLE(option)	__option_is(option)
#define IS_ENABLED(option)	(__option_is(option) || __option_is(option##_MODULE))

/* What modules that look for it find here. */
#define CONFIG_KUNIT		1
#define CONFIG_MODULES		1
#define CONFIG_PRINTK		1
#define CONFIG_SLUB		1
#define CONFIG_PREEMPTION	1
#define CONFIG_HZ		250
#define CONFIG_NR_CPUS		NR_CPUS
#define CONFIG_MODULE_UNLOAD	1

#endif
