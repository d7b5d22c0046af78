// SPDX-License-Identifier: MIT
/*
 * Bugs on purpose, one of each kind that memory debugging is for: the test of
 * the tools that must find them. Which ones are made, bug= says.
 */
#include <linux/init.h>
#include <linux/module.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/string.h>

static char *bug = "";
module_param(bug, charp, 0444);
MODULE_PARM_DESC(bug, "uaf, overflow, leak, leak_pages, wrong_cache, double_free, underflow");

static struct kmem_cache *apples, *pears;

/* So that the compiler sees nothing of it. */
static noinline void write_byte(volatile char *p, long at, char c)
{
	p[at] = c;			/* BUG: uaf, overflow, underflow */
}

static void bug_uaf(void)
{
	char *p = kmalloc(100, GFP_KERNEL);

	kfree(p);
	OPTIMIZER_HIDE_VAR(p);
	write_byte(p, 10, 'x');
}

static void bug_overflow(void)
{
	char *p = kmalloc(100, GFP_KERNEL);

	write_byte(p, 100, 'x');
	kfree(p);
}

static void bug_underflow(void)
{
	char *p = kmalloc(128, GFP_KERNEL);

	write_byte(p, -1, 'x');
	kfree(p);
}

static void bug_leak(void)
{
	char *p = kmalloc(200, GFP_KERNEL);	/* BUG: leak */

	strscpy(p, "nobody frees me", 200);
}

static void bug_leak_pages(void)
{
	unsigned long p = __get_free_pages(GFP_KERNEL, 2);	/* BUG: leak */

	memset((void *)p, 1, PAGE_SIZE);
}

static void bug_wrong_cache(void)
{
	void *apple = kmem_cache_alloc(apples, GFP_KERNEL);

	kmem_cache_free(pears, apple);		/* BUG: wrong cache */
	kmem_cache_free(apples, apple);
}

static void bug_double_free(void)
{
	void *apple = kmem_cache_alloc(apples, GFP_KERNEL);

	kmem_cache_free(apples, apple);
	OPTIMIZER_HIDE_VAR(apple);
	kmem_cache_free(apples, apple);		/* BUG: double free */
}

static const struct {
	const char *name;
	void (*make)(void);
} bugs[] = {
	{ "uaf", bug_uaf }, { "overflow", bug_overflow },
	{ "underflow", bug_underflow }, { "leak", bug_leak },
	{ "leak_pages", bug_leak_pages }, { "wrong_cache", bug_wrong_cache },
	{ "double_free", bug_double_free },
};

static int __init planted_init(void)
{
	unsigned int i, made = 0;

	apples = kmem_cache_create("planted_apples", 72, 0, 0, NULL);
	pears = kmem_cache_create("planted_pears", 144, 0, 0, NULL);
	if (!apples || !pears)
		goto fail;
	for (i = 0; i < ARRAY_SIZE(bugs); i++) {
		if (strcmp(bug, "all") && strcmp(bug, bugs[i].name))
			continue;
		pr_info("planted: %s\n", bugs[i].name);
		bugs[i].make();
		made++;
	}
	if (made || !*bug)
		return 0;
	pr_err("planted: %s: no such bug\n", bug);
fail:
	kmem_cache_destroy(pears);
	kmem_cache_destroy(apples);
	return -EINVAL;
}

static void __exit planted_exit(void)
{
	kmem_cache_destroy(pears);
	kmem_cache_destroy(apples);
}

module_init(planted_init);
module_exit(planted_exit);
MODULE_LICENSE("Dual MIT/GPL");
