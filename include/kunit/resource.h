/* SPDX-License-Identifier: MIT */
/*
 * What a case has and must give back: freed, newest first, when the case is
 * over, however it ends. See module/kunit_resource.c.
 */
#ifndef _KUNIT_RESOURCE_H
#define _KUNIT_RESOURCE_H

#include <kunit/test.h>
#include <linux/kref.h>
#include <linux/list.h>

struct kunit_resource;
typedef int (*kunit_resource_init_t)(struct kunit_resource *res, void *context);
typedef void (*kunit_resource_free_t)(struct kunit_resource *res);
typedef bool (*kunit_resource_match_t)(struct kunit *test,
				       struct kunit_resource *res,
				       void *match_data);
typedef void (kunit_action_t)(void *);

/* l: test->lock */
struct kunit_resource {
	void *data;			/* the user's */
	const char *name;		/* or NULL */
	kunit_resource_free_t free;	/* the user's, or NULL */
	struct kref refcount;
	struct list_head node;		/* l: kunit.resources */
	bool should_kfree;		/* this struct itself, at the end */
};

static inline void kunit_get_resource(struct kunit_resource *res)
{
	kref_get(&res->refcount);
}

void kunit_release_resource(struct kref *kref);

static inline void kunit_put_resource(struct kunit_resource *res)
{
	kref_put(&res->refcount, kunit_release_resource);
}

/*
 * Makes @res one of @test's; @init (or NULL) gets @data and sets res->data,
 * else that is @data. 0 or what @init says.
 */
int __kunit_add_resource(struct kunit *test, kunit_resource_init_t init,
			 kunit_resource_free_t free,
			 struct kunit_resource *res, void *data);
#define kunit_add_resource(test, init, free, res, data)			\
	((res)->should_kfree = false,					\
	 __kunit_add_resource(test, init, free, res, data))
/* -EEXIST when there is one of that name. */
int kunit_add_named_resource(struct kunit *test, kunit_resource_init_t init,
			     kunit_resource_free_t free,
			     struct kunit_resource *res, const char *name,
			     void *data);
/* The same in memory of its own; NULL: none, or @init failed. May sleep. */
struct kunit_resource *
kunit_alloc_and_get_resource(struct kunit *test, kunit_resource_init_t init,
			     kunit_resource_free_t free, gfp_t gfp,
			     void *context);
/* Its data, or NULL. */
void *kunit_alloc_resource(struct kunit *test, kunit_resource_init_t init,
			   kunit_resource_free_t free, gfp_t gfp,
			   void *context);

bool kunit_resource_name_match(struct kunit *test, struct kunit_resource *res,
			       void *match_name);
bool kunit_resource_instance_match(struct kunit *test,
				   struct kunit_resource *res,
				   void *match_data);
/* The newest that @match takes, with a reference for the caller; or NULL. */
struct kunit_resource *kunit_find_resource(struct kunit *test,
					   kunit_resource_match_t match,
					   void *match_data);
#define kunit_find_named_resource(test, name)				\
	kunit_find_resource(test, kunit_resource_name_match, (void *)(name))
/* Finds one and gives it up: 0 or -ENOENT. */
int kunit_destroy_resource(struct kunit *test, kunit_resource_match_t match,
			   void *match_data);
#define kunit_destroy_named_resource(test, name)			\
	kunit_destroy_resource(test, kunit_resource_name_match, (void *)(name))
void kunit_remove_resource(struct kunit *test, struct kunit_resource *res);

/* Memory that is freed with the case. */
void *kunit_kmalloc_array(struct kunit *test, size_t n, size_t size,
			  gfp_t gfp);
static inline void *kunit_kmalloc(struct kunit *test, size_t size, gfp_t gfp)
{
	return kunit_kmalloc_array(test, 1, size, gfp);
}

static inline void *kunit_kzalloc(struct kunit *test, size_t size, gfp_t gfp)
{
	return kunit_kmalloc(test, size, gfp | __GFP_ZERO);
}

static inline void *kunit_kcalloc(struct kunit *test, size_t n, size_t size,
				  gfp_t gfp)
{
	return kunit_kmalloc_array(test, n, size, gfp | __GFP_ZERO);
}

char *kunit_kstrdup(struct kunit *test, const char *s, gfp_t gfp);
void *kunit_kmemdup(struct kunit *test, const void *p, size_t n, gfp_t gfp);
/* Now instead. */
void kunit_kfree(struct kunit *test, const void *ptr);

/* Calls @action(@ctx) with the end of the case. 0 or -ENOMEM. */
int __must_check kunit_add_action(struct kunit *test, kunit_action_t *action,
				  void *ctx);
/* The same; and at once when memory lacks. */
int __must_check kunit_add_action_or_reset(struct kunit *test,
					   kunit_action_t *action, void *ctx);
/* Forgets one; calls one now. */
void kunit_remove_action(struct kunit *test, kunit_action_t *action, void *ctx);
void kunit_release_action(struct kunit *test, kunit_action_t *action,
			  void *ctx);
#define KUNIT_DEFINE_ACTION_WRAPPER(wrapper, orig, arg_type)		\
	static void wrapper(void *in)					\
	{								\
		orig((arg_type)in);					\
	}

#endif
