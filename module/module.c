// SPDX-License-Identifier: MIT
/*
 * Modules: running code that was linked in, from its first init function to
 * its last exit function.
 *
 *   parameters ── init functions ── suites ── exit functions ── what is left
 *   (params.c)    by level                    newest first      (leaks.c)
 *
 * Modules are found by their sections, as are their init and exit functions,
 * parameters and suites. A module whose parameter was refused, or one of
 * whose init functions fails, is not live: what is left of its functions does
 * not run, and its suites do, since a suite says for itself what it needs. A
 * module that somebody still uses is not unloaded; that is an error, since
 * nobody will let it go any more.
 *
 * Each init and exit function must return with the preemption count and the
 * interrupt flag it was called with; else that is reported and put right.
 *
 * Differs from Linux: all modules are loaded together before the first suite
 * runs; init functions have levels here, as in what is built in.
 */
#include "internal.h"

#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/timer.h>
#include <linux/workqueue.h>

#include <kunit/test.h>
#include <octavo/machine.h>

/* Text of parameters, in a chain of the machine's. */
struct kept_text {
	struct kept_text *next;
	char text[];
};

char *param_text_keep(const char *text)
{
	size_t n = strlen(text) + 1;
	struct kept_text *t = kmalloc(sizeof(*t) + n, GFP_KERNEL);

	if (!t)
		return NULL;
	memcpy(t->text, text, n);
	t->next = this_machine()->modules.texts;
	this_machine()->modules.texts = t;
	return t->text;
}

static void param_texts_drop(void)
{
	struct kept_text *t;

	while ((t = this_machine()->modules.texts)) {
		this_machine()->modules.texts = t->next;
		kfree(t);
	}
}

bool is_module_text_address(unsigned long addr)
{
	return addr >= (unsigned long)__start_octavo_module_text &&
	       addr < (unsigned long)__stop_octavo_module_text;
}

/* ---- uses ------------------------------------------------------------- */

bool try_module_get(struct module *module)
{
	if (!module)
		return true;
	if (READ_ONCE(module->state) == MODULE_STATE_GOING)
		return false;
	atomic_inc(&module->refcnt);
	return true;
}

void __module_get(struct module *module)
{
	if (module)
		atomic_inc(&module->refcnt);
}

void module_put(struct module *module)
{
	if (module)
		WARN(atomic_dec_return(&module->refcnt) < 0,
		     "module_put: nobody used %s", module->name);
}

int module_refcount(struct module *module)
{
	if (module->state == MODULE_STATE_UNFORMED)
		return -1;
	return atomic_read(&module->refcnt);
}

/* ---- init and exit ---------------------------------------------------- */

/* After @name of @mod has returned: is the context as it was? */
static void context_check(const struct module *mod, const char *name)
{
	unsigned int count = preempt_count();

	if (likely(!count && !irqs_disabled()))
		return;
	pr_err("BUG: %s of module %s returned with preemption imbalance (count %#x) or disabled interrupts\n",
	       name, mod->name, count);
	preempt_count_sub(count);
	local_irq_enable();
}

/* 0 or what the function returned. */
static int module_init_call(const struct module_call *c)
{
	struct module *mod = c->mod;
	int err;

	mod->state = MODULE_STATE_COMING;
	err = c->init();
	context_check(mod, c->name);
	if (err > 0)
		pr_warn("%s: '%s'->init suspiciously returned %d, it should follow 0/-E convention\n",
			c->name, mod->name, err);
	if (err >= 0)
		return 0;
	pr_err("module %s: init function %s failed: error %d\n", mod->name,
	       c->name, err);
	mod->failed = true;
	mod->state = MODULE_STATE_UNFORMED;
	return err;
}

static void inits_run(struct modules_run *run)
{
	const struct module_call *c;
	unsigned long level;

	for (level = 0; level < INITCALL_LEVELS; level++) {
		for_each_in_section(c, octavo_initcalls) {
			if (c->level != level || c->mod->failed)
				continue;
			run->inits++;
			if (module_init_call(c))
				run->inits_failed++;
			else if (!c->mod->init_number)
				c->mod->init_number = run->inits;
		}
	}
}

/* Who has started, or needs no start, is live. */
static void modules_set_live(void)
{
	struct module *const *m;

	for_each_module(m)
		if (!(*m)->failed)
			(*m)->state = MODULE_STATE_LIVE;
}

/* The live module that was loaded last; NULL: all are gone. */
static struct module *module_newest(void)
{
	struct module *newest = NULL, *const *m;

	for_each_module(m) {
		if ((*m)->state != MODULE_STATE_LIVE)
			continue;
		if (!newest || (*m)->init_number >= newest->init_number)
			newest = *m;
	}
	return newest;
}

static void module_exit_calls(struct modules_run *run, struct module *mod)
{
	size_t i = (size_t)(__stop_octavo_exitcalls - __start_octavo_exitcalls);

	while (i--) {
		const struct module_call *c = &__start_octavo_exitcalls[i];

		if (c->mod != mod)
			continue;
		run->exits++;
		c->exit();
		context_check(mod, c->name);
	}
}

/* The number of modules that could not go. */
static unsigned int exits_run(struct modules_run *run)
{
	unsigned int busy = 0;
	struct module *mod;

	while ((mod = module_newest())) {
		int uses = atomic_read(&mod->refcnt);

		mod->state = MODULE_STATE_GOING;
		if (uses) {
			pr_err("module %s is in use %d times: not unloaded\n",
			       mod->name, uses);
			busy++;
			continue;
		}
		module_exit_calls(run, mod);
	}
	return busy;
}

/* ---- all of it -------------------------------------------------------- */

bool modules_present(void)
{
	return &__start_octavo_modules[0] != &__stop_octavo_modules[0];
}

static void suites_run(struct modules_run *run)
{
	struct kunit_run kunit = {
		.emit = run->emit, .ctx = run->ctx, .filter = run->filter,
		.options = boot_command_line,
		.seed = run->seed, .replay = run->replay,
	};

	kunit_run_all(&kunit);
	run->passed = kunit.passed;
	run->failed = kunit.failed;
	run->skipped = kunit.skipped;
	if (run->filter && !kunit.passed && !kunit.failed && !kunit.skipped) {
		pr_err("%s: no such suite or case\n", run->filter);
		run->failed++;
	}
}

static void run_summary(const struct modules_run *run)
{
	char line[192];
	int n = scnprintf(line, sizeof(line),
			  "# Modules: init:%u init-failed:%u exit:%u pass:%u fail:%u skip:%u leaked:%u\n",
			  run->inits, run->inits_failed, run->exits,
			  run->passed, run->failed, run->skipped, run->leaks);

	run->emit(run->ctx, line, (size_t)n);
}

unsigned int modules_run(struct modules_run *run)
{
	struct leak_snapshot *before;
	unsigned int refused, busy;
	int err = workqueue_start();

	static const char begin[] = "# Modules run\n";

	/* Whoever reads all of the console's text looks from here on. */
	run->emit(run->ctx, begin, sizeof(begin) - 1);
	if (err)
		pr_err("no thread for works: error %d\n", err);
	timers_start();
	refused = module_params_apply(boot_command_line);
	before = leaks_before();
	if (!before)
		pr_err("no memory to look for leaks\n");
	inits_run(run);
	modules_set_live();
	suites_run(run);
	/* Modules that go may take caches with them. */
	objects_validate();
	busy = exits_run(run);
	run->leaks = before ? leaks_after(before) : 0;
	param_texts_drop();
	run_summary(run);
	return refused + run->inits_failed + run->failed + busy + run->leaks +
	       !before;
}
