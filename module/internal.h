/* SPDX-License-Identifier: MIT */
/* What the files of module/ share. */
#ifndef _MODULE_INTERNAL_H
#define _MODULE_INTERNAL_H

#include <linux/init.h>
#include <linux/module.h>

#include <octavo/modules.h>

/* Sections that a link with modules has; elsewhere both ends are NULL. */
extern struct module *const __start_octavo_modules[] __weak;
extern struct module *const __stop_octavo_modules[] __weak;
extern const struct kernel_param __start_octavo_module_params[] __weak;
extern const struct kernel_param __stop_octavo_module_params[] __weak;
extern const struct module_call __start_octavo_initcalls[] __weak;
extern const struct module_call __stop_octavo_initcalls[] __weak;
extern const struct module_call __start_octavo_exitcalls[] __weak;
extern const struct module_call __stop_octavo_exitcalls[] __weak;
extern const char __start_octavo_module_text[] __weak;
extern const char __stop_octavo_module_text[] __weak;

#define for_each_in_section(p, section)					\
	for ((p) = __start_##section; (p) < __stop_##section; (p)++)
#define for_each_module(m)	for_each_in_section(m, octavo_modules)
#define for_each_kernel_param(kp)					\
	for_each_in_section(kp, octavo_module_params)

/*
 * Sets what @cmdline says of modules. The number of words that could not be
 * obeyed; the modules concerned are marked as failed. May sleep.
 */
unsigned int module_params_apply(const char *cmdline);
/* @text in memory that stays until the run is over. NULL: none. May sleep. */
char *param_text_keep(const char *text);

/*
 * leaks.c: looks at the zones and the poison of all objects that have some,
 * and reports what was overwritten. May sleep.
 */
void objects_validate(void);
/* What was out before modules ran, and what is out now. */
struct leak_snapshot;
/* NULL when memory lacks. May sleep. */
struct leak_snapshot *leaks_before(void);
/* Reports each thing that is out and was not; how many. Frees @before. */
unsigned int leaks_after(struct leak_snapshot *before);

#endif
