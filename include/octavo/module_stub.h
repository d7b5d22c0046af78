/* SPDX-License-Identifier: MIT */
/*
 * What the build links into each module: its name, and its place in the table
 * of modules. MODULE_STUB("name") is all of a stub file.
 */
#ifndef _OCTAVO_MODULE_STUB_H
#define _OCTAVO_MODULE_STUB_H

#include <linux/module.h>

#define MODULE_STUB(text)						\
struct module __this_module = { .name = text };				\
static struct module *const __module_entry				\
__used __section("octavo_modules") = &__this_module

#endif
