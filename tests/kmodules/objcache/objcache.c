// SPDX-License-Identifier: MIT
/*
 * A cache of records under a hash table and an IDR, as a driver would keep
 * them, and KUnit suites that take it and kmalloc() through their calls.
 * Written from Linux's documentation alone.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/hashtable.h>
#include <linux/idr.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/xarray.h>

#include <kunit/test.h>

static unsigned int records = 500;
module_param(records, uint, 0444);
MODULE_PARM_DESC(records, "how many records the suites make");

static bool shuffle = true;
module_param(shuffle, bool, 0644);
MODULE_PARM_DESC(shuffle, "free in random order");

static char *cache_name = "objcache_record";
module_param(cache_name, charp, 0444);

static unsigned int sizes[16] = { 8, 17, 64, 100, 512, 4096, 10000 };
static int nr_sizes = 7;
module_param_array(sizes, uint, &nr_sizes, 0444);
MODULE_PARM_DESC(sizes, "sizes that kmalloc is asked for");

#define RECORD_MAGIC	0x5ec0a11dU

struct record {
	u32 magic;
	int id;
	struct hlist_node link;
	char name[24];
	u64 payload[4];
};

static struct kmem_cache *record_cache;
static DEFINE_HASHTABLE(record_table, 6);
static DEFINE_IDR(record_ids);
static DEFINE_SPINLOCK(record_lock);

static void record_ctor(void *object)
{
	struct record *r = object;

	memset(r, 0, sizeof(*r));
	r->magic = RECORD_MAGIC;
}

static struct record *record_create(const char *prefix)
{
	struct record *r = kmem_cache_alloc(record_cache, GFP_KERNEL);
	int id;

	if (!r)
		return NULL;
	idr_preload(GFP_KERNEL);
	spin_lock(&record_lock);
	id = idr_alloc(&record_ids, r, 1, 0, GFP_NOWAIT);
	if (id > 0) {
		r->id = id;
		snprintf(r->name, sizeof(r->name), "%s-%d", prefix, id);
		hash_add(record_table, &r->link, id);
	}
	spin_unlock(&record_lock);
	idr_preload_end();
	if (id < 0) {
		kmem_cache_free(record_cache, r);
		return NULL;
	}
	return r;
}

static struct record *record_find(int id)
{
	struct record *r, *found = NULL;

	spin_lock(&record_lock);
	hash_for_each_possible(record_table, r, link, id) {
		if (r->id == id) {
			found = r;
			break;
		}
	}
	spin_unlock(&record_lock);
	return found;
}

static void record_destroy(struct record *r)
{
	spin_lock(&record_lock);
	idr_remove(&record_ids, r->id);
	hash_del(&r->link);
	spin_unlock(&record_lock);
	/* As the constructor left it. */
	record_ctor(r);
	kmem_cache_free(record_cache, r);
}

static void records_destroy(void)
{
	struct hlist_node *tmp;
	struct record *r;
	int bucket;

	hash_for_each_safe(record_table, bucket, tmp, r, link)
		record_destroy(r);
}

/* ---- the cache -------------------------------------------------------- */

static int record_test_init(struct kunit *test)
{
	KUNIT_ASSERT_NOT_NULL(test, record_cache);
	KUNIT_ASSERT_TRUE(test, hash_empty(record_table));
	return 0;
}

static void record_test_exit(struct kunit *test)
{
	records_destroy();
}

static void record_create_test(struct kunit *test)
{
	unsigned int i;

	for (i = 0; i < records; i++) {
		struct record *r = record_create("rec");

		KUNIT_ASSERT_NOT_NULL(test, r);
		KUNIT_EXPECT_EQ(test, r->magic, RECORD_MAGIC);
		KUNIT_EXPECT_EQ(test, r->payload[3], 0ULL);
		KUNIT_EXPECT_PTR_EQ(test, record_find(r->id), r);
	}
	KUNIT_EXPECT_NULL(test, record_find((int)records + 1));
}

static void record_names_test(struct kunit *test)
{
	char want[24];
	struct record *r;
	int id;

	for (id = 0; id < 10; id++)
		KUNIT_ASSERT_NOT_NULL(test, record_create("n"));
	idr_for_each_entry(&record_ids, r, id) {
		scnprintf(want, sizeof(want), "n-%d", id);
		KUNIT_EXPECT_STREQ(test, r->name, want);
	}
}

static void record_random_test(struct kunit *test)
{
	struct record **all;
	unsigned int i, j;

	all = kunit_kcalloc(test, records, sizeof(*all), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, all);
	for (i = 0; i < records; i++)
		all[i] = record_create("r");
	for (i = records; shuffle && i > 1; i--) {
		j = get_random_u32_below(i);
		swap(all[i - 1], all[j]);
	}
	for (i = 0; i < records; i++)
		record_destroy(all[i]);
	KUNIT_EXPECT_TRUE(test, hash_empty(record_table));
	KUNIT_EXPECT_TRUE(test, idr_is_empty(&record_ids));
}

static void record_bulk_test(struct kunit *test)
{
	void *objects[16];
	int i;

	KUNIT_ASSERT_EQ(test, kmem_cache_alloc_bulk(record_cache, GFP_KERNEL,
						    ARRAY_SIZE(objects),
						    objects),
			(int)ARRAY_SIZE(objects));
	for (i = 0; i < (int)ARRAY_SIZE(objects); i++)
		KUNIT_EXPECT_EQ(test, ((struct record *)objects[i])->magic,
				RECORD_MAGIC);
	kmem_cache_free_bulk(record_cache, ARRAY_SIZE(objects), objects);
}

static void record_size_test(struct kunit *test)
{
	KUNIT_EXPECT_GE(test, kmem_cache_size(record_cache),
			(unsigned int)sizeof(struct record));
	KUNIT_EXPECT_EQ(test, kmem_cache_shrink(record_cache), 0);
}

static struct kunit_case record_cases[] = {
	KUNIT_CASE(record_create_test),
	KUNIT_CASE(record_names_test),
	KUNIT_CASE_SLOW(record_random_test),
	KUNIT_CASE(record_bulk_test),
	KUNIT_CASE(record_size_test),
	{}
};

static struct kunit_suite record_suite = {
	.name = "objcache_record",
	.init = record_test_init,
	.exit = record_test_exit,
	.test_cases = record_cases,
};

/* ---- kmalloc ---------------------------------------------------------- */

static void fill_test(struct kunit *test)
{
	unsigned int i, n;

	for (i = 0; i < (unsigned int)nr_sizes; i++) {
		u8 *p = kmalloc(sizes[i], GFP_KERNEL);

		KUNIT_ASSERT_NOT_NULL_MSG(test, p, "of %u bytes", sizes[i]);
		KUNIT_EXPECT_GE(test, ksize(p), (size_t)sizes[i]);
		for (n = 0; n < sizes[i]; n++)
			p[n] = (u8)(n * 7);
		for (n = 0; n < sizes[i] && p[n] == (u8)(n * 7); n++)
			;
		KUNIT_EXPECT_EQ(test, n, sizes[i]);
		kfree(p);
	}
}

static void zero_test(struct kunit *test)
{
	unsigned int i;

	for (i = 0; i < (unsigned int)nr_sizes; i++) {
		void *p = kzalloc(sizes[i], GFP_KERNEL);

		KUNIT_ASSERT_NOT_NULL(test, p);
		KUNIT_EXPECT_NULL(test, memchr_inv(p, 0, sizes[i]));
		memset(p, 0xff, sizes[i]);
		kfree_sensitive(p);
	}
	KUNIT_EXPECT_PTR_EQ(test, kmalloc(0, GFP_KERNEL), ZERO_SIZE_PTR);
	kfree(ZERO_SIZE_PTR);
	kfree(NULL);
}

static void overflow_test(struct kunit *test)
{
	KUNIT_EXPECT_NULL(test, kmalloc_array(SIZE_MAX / 4, 8, GFP_KERNEL));
	KUNIT_EXPECT_NULL(test, kcalloc(SIZE_MAX, 2, GFP_KERNEL));
}

static void krealloc_test(struct kunit *test)
{
	char *p = kstrdup("a string that grows", GFP_KERNEL), *q;
	size_t n;

	KUNIT_ASSERT_NOT_NULL(test, p);
	for (n = 32; n <= 65536; n *= 2) {
		q = krealloc(p, n, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, q);
		p = q;
		KUNIT_EXPECT_STREQ(test, p, "a string that grows");
	}
	kfree(p);
}

static void format_test(struct kunit *test)
{
	char *s = kasprintf(GFP_KERNEL, "%s:%05d:%x", "abc", 42, 255);

	KUNIT_ASSERT_NOT_NULL(test, s);
	KUNIT_EXPECT_STREQ(test, s, "abc:00042:ff");
	kfree(s);
	s = kmemdup("0123456789", 5, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, s);
	KUNIT_EXPECT_MEMEQ(test, s, "01234", 5);
	KUNIT_EXPECT_MEMNEQ(test, s, "01235", 5);
	kfree(s);
}

struct align_param {
	const char *name;
	size_t size;
};

static const struct align_param align_params[] = {
	{ "word", 8 }, { "line", 64 }, { "half", 2048 }, { "page", 4096 },
	{ "pages", 16384 },
};

KUNIT_ARRAY_PARAM_DESC(align, align_params, name);

static void align_test(struct kunit *test)
{
	const struct align_param *a = test->param_value;
	void *p = kunit_kmalloc(test, a->size, GFP_KERNEL);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, p);
	/* A power of two is aligned to itself. */
	KUNIT_EXPECT_TRUE(test, IS_ALIGNED((unsigned long)p, a->size));
}

static int compare(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

static void xarray_test(struct kunit *test)
{
	DEFINE_XARRAY(xa);
	unsigned long index;
	void *entry;
	int n = 0;

	for (index = 1; index < 1UL << 40; index *= 8)
		KUNIT_ASSERT_EQ(test, xa_err(xa_store(&xa, index,
						      xa_mk_value(index),
						      GFP_KERNEL)), 0);
	xa_for_each(&xa, index, entry) {
		KUNIT_EXPECT_EQ(test, xa_to_value(entry), index);
		n++;
	}
	KUNIT_EXPECT_EQ(test, n, 14);
	xa_destroy(&xa);
	KUNIT_EXPECT_TRUE(test, xa_empty(&xa));
}

static void action(void *data)
{
	*(int *)data += 1;
}

static void resource_test(struct kunit *test)
{
	static int called;
	int order[] = { 5, 3, 9, 1 };

	called = 0;
	KUNIT_ASSERT_EQ(test, kunit_add_action(test, action, &called), 0);
	kunit_release_action(test, action, &called);
	KUNIT_EXPECT_EQ(test, called, 1);
	sort(order, ARRAY_SIZE(order), sizeof(order[0]), compare, NULL);
	KUNIT_EXPECT_EQ(test, order[0], 1);
	KUNIT_EXPECT_EQ(test, order[3], 9);
}

static void dma_test(struct kunit *test)
{
	if (!IS_ENABLED(CONFIG_ZONE_DMA_TESTED))
		kunit_skip(test, "no %s", "CONFIG_ZONE_DMA_TESTED");
	KUNIT_FAIL(test, "not reached");
}

static struct kunit_case kmalloc_cases[] = {
	KUNIT_CASE(fill_test),
	KUNIT_CASE(zero_test),
	KUNIT_CASE(overflow_test),
	KUNIT_CASE(krealloc_test),
	KUNIT_CASE(format_test),
	KUNIT_CASE_PARAM(align_test, align_gen_params),
	KUNIT_CASE(xarray_test),
	KUNIT_CASE(resource_test),
	KUNIT_CASE(dma_test),
	{}
};

static int suites_begun;

static int kmalloc_suite_init(struct kunit_suite *suite)
{
	suites_begun++;
	return 0;
}

static void kmalloc_suite_exit(struct kunit_suite *suite)
{
	suites_begun--;
}

static struct kunit_suite kmalloc_suite = {
	.name = "objcache_kmalloc",
	.suite_init = kmalloc_suite_init,
	.suite_exit = kmalloc_suite_exit,
	.test_cases = kmalloc_cases,
};

kunit_test_suites(&record_suite, &kmalloc_suite);

static int __init objcache_init(void)
{
	if (!records || nr_sizes < 1)
		return -EINVAL;
	hash_init(record_table);
	record_cache = kmem_cache_create(cache_name, sizeof(struct record), 0,
					 SLAB_HWCACHE_ALIGN, record_ctor);
	if (!record_cache)
		return -ENOMEM;
	pr_info("%u records, %d sizes from %u on\n", records, nr_sizes,
		sizes[0]);
	return 0;
}

static void __exit objcache_exit(void)
{
	WARN_ON(suites_begun);
	records_destroy();
	idr_destroy(&record_ids);
	kmem_cache_destroy(record_cache);
}

module_init(objcache_init);
module_exit(objcache_exit);

MODULE_DESCRIPTION("An object cache and kmalloc, exercised");
MODULE_AUTHOR("Octavo");
MODULE_LICENSE("Dual MIT/GPL");
