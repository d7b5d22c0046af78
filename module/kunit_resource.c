// SPDX-License-Identifier: MIT
/*
 * What a case must give back: a list of resources, newest first, which the
 * runner empties when the case is over (test->cleanup, set with the first).
 *
 * Actions and memory are resources like any: their free function calls or
 * frees what their data points to. Each resource has a reference of the list
 * and one of each who found it; the last one frees it.
 *
 * Lock order: test->lock -> none. free functions run outside of it.
 */
#include <kunit/resource.h>

#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>

void kunit_release_resource(struct kref *kref)
{
	struct kunit_resource *res = container_of(kref, struct kunit_resource,
						  refcount);

	bool own = res->should_kfree;

	/* @res may lie in what its function frees. */
	if (res->free)
		res->free(res);
	if (own)
		kfree(res);
}

/* Takes it off the list, whose reference is the caller's then; if it was. */
static bool resource_unlink(struct kunit *test, struct kunit_resource *res)
{
	unsigned long flags;
	bool linked;

	spin_lock_irqsave(&test->lock, flags);
	linked = !list_empty(&res->node);
	list_del_init(&res->node);
	spin_unlock_irqrestore(&test->lock, flags);
	return linked;
}

void kunit_remove_resource(struct kunit *test, struct kunit_resource *res)
{
	if (resource_unlink(test, res))
		kunit_put_resource(res);
}

/* The same by who has found it, with his reference. */
static void resource_end(struct kunit *test, struct kunit_resource *res)
{
	if (resource_unlink(test, res))
		refcount_dec(&res->refcount.refcount);
	kunit_put_resource(res);
}

static void resources_free(struct kunit *test)
{
	/* Each may add others. */
	while (!list_empty(&test->resources))
		kunit_remove_resource(test, list_first_entry(&test->resources,
					struct kunit_resource, node));
}

int __kunit_add_resource(struct kunit *test, kunit_resource_init_t init,
			 kunit_resource_free_t free,
			 struct kunit_resource *res, void *data)
{
	unsigned long flags;
	int err;

	res->free = free;
	res->data = data;
	kref_init(&res->refcount);
	INIT_LIST_HEAD(&res->node);
	err = init ? init(res, data) : 0;
	if (err)
		return err;
	spin_lock_irqsave(&test->lock, flags);
	test->cleanup = resources_free;
	list_add(&res->node, &test->resources);
	spin_unlock_irqrestore(&test->lock, flags);
	return 0;
}

int kunit_add_named_resource(struct kunit *test, kunit_resource_init_t init,
			     kunit_resource_free_t free,
			     struct kunit_resource *res, const char *name,
			     void *data)
{
	struct kunit_resource *old;

	if (!name)
		return -EINVAL;
	old = kunit_find_named_resource(test, name);
	if (old) {
		kunit_put_resource(old);
		return -EEXIST;
	}
	res->name = name;
	return kunit_add_resource(test, init, free, res, data);
}

struct kunit_resource *
kunit_alloc_and_get_resource(struct kunit *test, kunit_resource_init_t init,
			     kunit_resource_free_t free, gfp_t gfp,
			     void *context)
{
	struct kunit_resource *res = kzalloc(sizeof(*res), gfp);

	if (!res)
		return NULL;
	res->should_kfree = true;
	if (__kunit_add_resource(test, init, free, res, context)) {
		kfree(res);
		return NULL;
	}
	kunit_get_resource(res);
	return res;
}

void *kunit_alloc_resource(struct kunit *test, kunit_resource_init_t init,
			   kunit_resource_free_t free, gfp_t gfp,
			   void *context)
{
	struct kunit_resource *res = kzalloc(sizeof(*res), gfp);

	if (!res)
		return NULL;
	res->should_kfree = true;
	if (!__kunit_add_resource(test, init, free, res, context))
		return res->data;
	kfree(res);
	return NULL;
}

/* ---- finding ---------------------------------------------------------- */

bool kunit_resource_name_match(struct kunit *test, struct kunit_resource *res,
			       void *match_name)
{
	return res->name && !strcmp(res->name, match_name);
}

bool kunit_resource_instance_match(struct kunit *test,
				   struct kunit_resource *res,
				   void *match_data)
{
	return res->data == match_data;
}

struct kunit_resource *kunit_find_resource(struct kunit *test,
					   kunit_resource_match_t match,
					   void *match_data)
{
	struct kunit_resource *res, *found = NULL;
	unsigned long flags;

	spin_lock_irqsave(&test->lock, flags);
	list_for_each_entry(res, &test->resources, node) {
		if (match(test, res, match_data)) {
			kunit_get_resource(res);
			found = res;
			break;
		}
	}
	spin_unlock_irqrestore(&test->lock, flags);
	return found;
}

int kunit_destroy_resource(struct kunit *test, kunit_resource_match_t match,
			   void *match_data)
{
	struct kunit_resource *res = kunit_find_resource(test, match,
							 match_data);

	if (!res)
		return -ENOENT;
	resource_end(test, res);
	return 0;
}

/* ---- memory ----------------------------------------------------------- */

static void memory_free(struct kunit_resource *res)
{
	kfree(res->data);
}

static bool memory_match(struct kunit *test, struct kunit_resource *res,
			 void *ptr)
{
	return res->free == memory_free && res->data == ptr;
}

/* @p, from kmalloc() or NULL, is @test's now. */
static void *memory_adopt(struct kunit *test, void *p, gfp_t gfp)
{
	struct kunit_resource *res;

	if (!p)
		return NULL;
	res = kzalloc(sizeof(*res), gfp & ~__GFP_ZERO);
	if (!res) {
		kfree(p);
		return NULL;
	}
	res->should_kfree = true;
	__kunit_add_resource(test, NULL, memory_free, res, p);
	return p;
}

void *kunit_kmalloc_array(struct kunit *test, size_t n, size_t size, gfp_t gfp)
{
	return memory_adopt(test, kmalloc_array(n, size, gfp), gfp);
}

char *kunit_kstrdup(struct kunit *test, const char *s, gfp_t gfp)
{
	return memory_adopt(test, kstrdup(s, gfp), gfp);
}

void *kunit_kmemdup(struct kunit *test, const void *p, size_t n, gfp_t gfp)
{
	return memory_adopt(test, kmemdup(p, n, gfp), gfp);
}

void kunit_kfree(struct kunit *test, const void *ptr)
{
	if (ptr && kunit_destroy_resource(test, memory_match, (void *)ptr))
		kunit_fail(test, "kunit_kfree", 0,
			   "%px is no memory of this case", ptr);
}

/* ---- actions ---------------------------------------------------------- */

struct action {
	kunit_action_t *fn;
	void *ctx;
	struct kunit_resource res;	/* its data is this struct */
};

static void action_free(struct kunit_resource *res)
{
	struct action *a = res->data;

	if (a->fn)
		a->fn(a->ctx);
	kfree(a);
}

static bool action_match(struct kunit *test, struct kunit_resource *res,
			 void *match_data)
{
	const struct action *want = match_data, *a = res->data;

	return res->free == action_free && a->fn == want->fn &&
	       a->ctx == want->ctx;
}

int kunit_add_action(struct kunit *test, kunit_action_t *fn, void *ctx)
{
	struct action *a;

	if (WARN(!fn, "an action without a function"))
		return -EINVAL;
	a = kzalloc(sizeof(*a), GFP_KERNEL);
	if (!a)
		return -ENOMEM;
	a->fn = fn;
	a->ctx = ctx;
	return kunit_add_resource(test, NULL, action_free, &a->res, a);
}

int kunit_add_action_or_reset(struct kunit *test, kunit_action_t *fn,
			      void *ctx)
{
	int err = kunit_add_action(test, fn, ctx);

	if (err && fn)
		fn(ctx);
	return err;
}

static void action_end(struct kunit *test, kunit_action_t *fn, void *ctx,
		       bool call)
{
	struct action want = { .fn = fn, .ctx = ctx };
	struct kunit_resource *res = kunit_find_resource(test, action_match,
							 &want);

	if (!res)
		return;
	if (!call)
		((struct action *)res->data)->fn = NULL;
	resource_end(test, res);
}

void kunit_remove_action(struct kunit *test, kunit_action_t *fn, void *ctx)
{
	action_end(test, fn, ctx, false);
}

void kunit_release_action(struct kunit *test, kunit_action_t *fn, void *ctx)
{
	action_end(test, fn, ctx, true);
}
