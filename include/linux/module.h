/* SPDX-License-Identifier: MIT */
/*
 * Modules: code that is linked in for a run, with init and exit functions
 * (docs/kernel-code.md). A build that makes modules defines MODULE, and links
 * a stub into each that gives it a name and __this_module. In the core itself
 * THIS_MODULE is NULL, as for what is built into a Linux kernel.
 */
#ifndef __KERNEL__	/* octavo/kernel.h */
#include_next <linux/module.h>
#elif !defined(_OCTAVO_LINUX_MODULE_H)
#define _OCTAVO_LINUX_MODULE_H

#include <linux/atomic.h>
#include <linux/cache.h>
#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/gfp.h>
#include <linux/init.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/moduleparam.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/stat.h>
#include <linux/stringify.h>

enum module_state {
	MODULE_STATE_UNFORMED,	/* its init function has not run, or failed */
	MODULE_STATE_COMING,	/* it runs */
	MODULE_STATE_LIVE,	/* it has succeeded, or there is none */
	MODULE_STATE_GOING,	/* its exit function runs, or has run */
};

#define MODULE_NAME_LEN	(64 - sizeof(unsigned long))

/* o: who loads and unloads, one thread  a: atomic */
struct module {
	enum module_state state;	/* a */
	char name[MODULE_NAME_LEN];	/* constant */
	atomic_t refcnt;		/* a: uses beyond its being loaded */
	unsigned long init_number;	/* o: the so many-th that was loaded */
	bool failed;			/* o: an init function has failed */
};

#ifdef MODULE
extern struct module __this_module;
#endif

static inline const char *module_name(struct module *mod)
{
	return mod ? mod->name : "kernel";
}

/*
 * Keeps @module's exit function from running: true, or false when it goes
 * already. NULL, the kernel itself, is always there. Any context.
 */
bool try_module_get(struct module *module);
/* For who has a use already. */
void __module_get(struct module *module);
void module_put(struct module *module);
/* Uses of @module, 0 when nobody has one; -1 when it is not loaded. */
int module_refcount(struct module *module);

static inline bool module_is_live(struct module *mod)
{
	return mod->state != MODULE_STATE_GOING;
}

/* Whether @addr is code of a module. Any context. */
bool is_module_text_address(unsigned long addr);

/* What it says of itself is for people; a typing error in it is one. */
#define __MODULE_TEXT(tag, text)					\
	static const char __UNIQUE_ID(tag)[] __maybe_unused = text
#define MODULE_INFO(tag, info)		__MODULE_TEXT(tag, info)
#define MODULE_LICENSE(text)		__MODULE_TEXT(license, text)
#define MODULE_AUTHOR(text)		__MODULE_TEXT(author, text)
#define MODULE_DESCRIPTION(text)	__MODULE_TEXT(description, text)
#define MODULE_VERSION(text)		__MODULE_TEXT(version, text)
#define MODULE_ALIAS(text)		__MODULE_TEXT(alias, text)
#define MODULE_FIRMWARE(text)		__MODULE_TEXT(firmware, text)
#define MODULE_SOFTDEP(text)		__MODULE_TEXT(softdep, text)
#define MODULE_IMPORT_NS(ns)		__MODULE_TEXT(import_ns, #ns)
#define MODULE_PARM_DESC(param, text)	__MODULE_TEXT(parm, #param ":" text)
#define MODULE_DEVICE_TABLE(type, name)					\
	static const void *const __UNIQUE_ID(table) __maybe_unused = &(name)

#endif
