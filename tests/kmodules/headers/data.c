// SPDX-License-Identifier: MIT
/* Lists, trees, tables, bits, text: each call and macro, and what it does. */
#include <linux/bitfield.h>
#include <linux/bitmap.h>
#include <linux/bitops.h>
#include <linux/bsearch.h>
#include <linux/circ_buf.h>
#include <linux/crc32.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/hash.h>
#include <linux/hashtable.h>
#include <linux/hex.h>
#include <linux/idr.h>
#include <linux/jhash.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/list_sort.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/notifier.h>
#include <linux/numa.h>
#include <linux/overflow.h>
#include <linux/percpu_counter.h>
#include <linux/random.h>
#include <linux/ratelimit.h>
#include <linux/rbtree_augmented.h>
#include <linux/rculist.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/srcu.h>
#include <linux/string.h>
#include <linux/string_helpers.h>
#include <linux/topology.h>
#include <linux/unaligned.h>
#include <linux/version.h>
#include <linux/xarray.h>
#include <asm/byteorder.h>
#include <kunit/test.h>

struct entry {
	int n;
	struct list_head list;
	struct hlist_node hash;
	struct rb_node rb;
	int max;
};

static void list_test(struct kunit *test)
{
	LIST_HEAD(a);
	LIST_HEAD(b);
	struct entry e[6] = {}, *p, *q;
	int i, n = 0;

	for (i = 0; i < 6; i++) {
		e[i].n = i;
		list_add_tail(&e[i].list, i < 3 ? &a : &b);
	}
	KUNIT_EXPECT_EQ(test, list_count_nodes(&a), (size_t)3);
	list_splice_tail_init(&b, &a);
	KUNIT_EXPECT_TRUE(test, list_empty(&b));
	list_for_each_entry(p, &a, list)
		KUNIT_EXPECT_EQ(test, p->n, n++);
	list_for_each_entry_reverse(p, &a, list)
		KUNIT_EXPECT_EQ(test, p->n, --n);
	list_for_each_entry_safe(p, q, &a, list)
		if (p->n & 1)
			list_move(&p->list, &b);
	KUNIT_EXPECT_EQ(test, list_first_entry(&b, struct entry, list)->n, 5);
	list_rotate_left(&a);
	KUNIT_EXPECT_EQ(test, list_last_entry(&a, struct entry, list)->n, 0);
	list_cut_position(&b, &a, a.next);
	KUNIT_EXPECT_TRUE(test, list_is_singular(&b));
	list_replace_init(&e[0].list, &e[1].list);
	KUNIT_EXPECT_TRUE(test, list_is_last(&e[1].list, &a));
	list_del_init(&e[1].list);
	KUNIT_EXPECT_TRUE(test, list_empty_careful(&e[1].list));
}

static int entry_cmp(void *priv, const struct list_head *a,
		     const struct list_head *b)
{
	return list_entry(a, struct entry, list)->n -
	       list_entry(b, struct entry, list)->n;
}

static int int_cmp(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

static void sort_test(struct kunit *test)
{
	struct entry *e = kunit_kcalloc(test, 100, sizeof(*e), GFP_KERNEL), *p;
	int numbers[100], i, last = -1, key = 14;
	LIST_HEAD(list);

	KUNIT_ASSERT_NOT_NULL(test, e);
	for (i = 0; i < 100; i++) {
		e[i].n = numbers[i] = (i * 37 % 100) / 2 * 2;
		e[i].max = i;
		list_add_tail(&e[i].list, &list);
	}
	list_sort(NULL, &list, entry_cmp);
	i = 0;
	list_for_each_entry(p, &list, list) {
		KUNIT_EXPECT_GE(test, p->n, last);
		last = p->n;
		i++;
	}
	KUNIT_EXPECT_EQ(test, i, 100);
	sort(numbers, 100, sizeof(int), int_cmp, NULL);
	KUNIT_EXPECT_NOT_NULL(test, bsearch(&key, numbers, 100, sizeof(int),
					    int_cmp));
	key = 15;
	KUNIT_EXPECT_NULL(test, bsearch(&key, numbers, 100, sizeof(int),
					int_cmp));
}

static int entry_value(struct entry *e)
{
	return e->n;
}

RB_DECLARE_CALLBACKS_MAX(static, entry_augment, struct entry, rb, int, max,
			 entry_value)

static bool entry_less(struct rb_node *a, const struct rb_node *b)
{
	return rb_entry(a, struct entry, rb)->n <
	       rb_entry(b, struct entry, rb)->n;
}

static void rbtree_check(struct kunit *test, struct rb_root *root)
{
	struct rb_node *n;

	for (n = rb_first(root); n; n = rb_next(n)) {
		struct entry *e = rb_entry(n, struct entry, rb);
		int max = e->n;

		if (n->rb_left)
			max = max(max, rb_entry(n->rb_left, struct entry,
						rb)->max);
		if (n->rb_right)
			max = max(max, rb_entry(n->rb_right, struct entry,
						rb)->max);
		KUNIT_ASSERT_EQ(test, e->max, max);
	}
}

static void rbtree_augmented_test(struct kunit *test)
{
	struct entry *e = kunit_kcalloc(test, 200, sizeof(*e), GFP_KERNEL);
	struct rb_root root = RB_ROOT;
	int i;

	KUNIT_ASSERT_NOT_NULL(test, e);
	for (i = 0; i < 200; i++) {
		struct rb_node **link = &root.rb_node, *parent = NULL;

		e[i].n = e[i].max = (i * 73) % 211;
		while (*link) {
			struct entry *here = rb_entry(*link, struct entry, rb);

			parent = *link;
			here->max = max(here->max, e[i].n);
			link = entry_less(&e[i].rb, parent) ?
			       &parent->rb_left : &parent->rb_right;
		}
		rb_link_node(&e[i].rb, parent, link);
		rb_insert_augmented(&e[i].rb, &root, &entry_augment);
	}
	rbtree_check(test, &root);
	for (i = 0; i < 200; i += 2) {
		rb_erase_augmented(&e[i].rb, &root, &entry_augment);
		rbtree_check(test, &root);
	}
}

static void rbtree_cached_test(struct kunit *test)
{
	struct rb_root_cached root = RB_ROOT_CACHED;
	struct entry e[50] = {}, *p, *next;
	int i, n = 0;

	for (i = 0; i < 50; i++) {
		e[i].n = (i * 7) % 50;
		rb_add_cached(&e[i].rb, &root, entry_less);
	}
	KUNIT_EXPECT_EQ(test, rb_entry(rb_first_cached(&root), struct entry,
				       rb)->n, 0);
	rb_erase_cached(&e[0].rb, &root);
	KUNIT_EXPECT_EQ(test, rb_entry(rb_first_cached(&root), struct entry,
				       rb)->n, 1);
	RB_CLEAR_NODE(&e[0].rb);
	KUNIT_EXPECT_TRUE(test, RB_EMPTY_NODE(&e[0].rb));
	rbtree_postorder_for_each_entry_safe(p, next, &root.rb_root, rb)
		n++;
	KUNIT_EXPECT_EQ(test, n, 49);
}

static void hash_test(struct kunit *test)
{
	DECLARE_HASHTABLE(table, 4);
	struct entry e[40] = {}, *p;
	struct hlist_node *tmp;
	int i, bucket, n = 0;

	hash_init(table);
	for (i = 0; i < 40; i++) {
		e[i].n = i;
		hash_add(table, &e[i].hash, i);
	}
	hash_for_each_possible(table, p, hash, 17)
		if (p->n == 17)
			n++;
	KUNIT_EXPECT_EQ(test, n, 1);
	rcu_read_lock();
	hash_for_each_rcu(table, bucket, p, hash)
		n++;
	rcu_read_unlock();
	KUNIT_EXPECT_EQ(test, n, 41);
	hash_for_each_safe(table, bucket, tmp, p, hash)
		hash_del(&p->hash);
	KUNIT_EXPECT_TRUE(test, hash_empty(table));
	KUNIT_EXPECT_LT(test, hash_64(12345, 6), 64U);
	KUNIT_EXPECT_LT(test, hash_ptr(&n, 3), 8U);
	KUNIT_EXPECT_NE(test, jhash("a", 1, 0), jhash("b", 1, 0));
	KUNIT_EXPECT_EQ(test, ~crc32_le(~0U, (const u8 *)"123456789", 9),
			0xcbf43926U);
}

static void xarray_test(struct kunit *test)
{
	DEFINE_XARRAY_ALLOC(xa);
	unsigned long index;
	void *entry;
	u32 id, next = 0;
	int i;

	for (i = 0; i < 300; i++) {
		KUNIT_ASSERT_EQ(test, xa_alloc(&xa, &id, xa_mk_value((unsigned long)i),
					       xa_limit_32b, GFP_KERNEL), 0);
		KUNIT_EXPECT_EQ(test, id, (u32)i);
	}
	KUNIT_EXPECT_EQ(test, xa_to_value(xa_erase(&xa, 77)), 77UL);
	KUNIT_EXPECT_NULL(test, xa_load(&xa, 77));
	KUNIT_EXPECT_EQ(test, xa_alloc(&xa, &id, test, xa_limit_32b,
				       GFP_KERNEL), 0);
	KUNIT_EXPECT_EQ(test, id, 77U);
	KUNIT_EXPECT_EQ(test, xa_insert(&xa, 77, test, GFP_KERNEL), -EBUSY);
	KUNIT_EXPECT_PTR_EQ(test, xa_cmpxchg(&xa, 77, test, NULL, GFP_KERNEL),
			    (void *)test);
	xa_set_mark(&xa, 200, XA_MARK_1);
	i = 0;
	xa_for_each_marked(&xa, index, entry, XA_MARK_1)
		i += (int)index;
	KUNIT_EXPECT_EQ(test, i, 200);
	KUNIT_EXPECT_TRUE(test, xa_marked(&xa, XA_MARK_1));
	xa_clear_mark(&xa, 200, XA_MARK_1);
	KUNIT_EXPECT_FALSE(test, xa_marked(&xa, XA_MARK_1));
	KUNIT_EXPECT_EQ(test, xa_alloc_cyclic(&xa, &id, test, XA_LIMIT(0, 1000),
					      &next, GFP_KERNEL), 0);
	i = 0;
	xa_for_each_range(&xa, index, entry, 10, 19)
		i++;
	KUNIT_EXPECT_EQ(test, i, 10);
	xa_destroy(&xa);
	KUNIT_EXPECT_EQ(test, xa_err(xa_store(&xa, ~0UL, test, GFP_KERNEL)), 0);
	KUNIT_EXPECT_PTR_EQ(test, xa_load(&xa, ~0UL), (void *)test);
	KUNIT_EXPECT_PTR_EQ(test, xa_erase(&xa, ~0UL), (void *)test);
	KUNIT_EXPECT_TRUE(test, xa_empty(&xa));
}

static int idr_count(int id, void *p, void *data)
{
	*(int *)data += id;
	return 0;
}

static void idr_test(struct kunit *test)
{
	DEFINE_IDR(idr);
	DEFINE_IDA(ida);
	int sum = 0, id, first;
	void *p;

	KUNIT_EXPECT_EQ(test, idr_alloc(&idr, test, 5, 8, GFP_KERNEL), 5);
	KUNIT_EXPECT_EQ(test, idr_alloc(&idr, test, 5, 8, GFP_KERNEL), 6);
	KUNIT_EXPECT_EQ(test, idr_alloc(&idr, test, 5, 8, GFP_KERNEL), 7);
	KUNIT_EXPECT_EQ(test, idr_alloc(&idr, test, 5, 8, GFP_KERNEL), -ENOSPC);
	idr_for_each(&idr, idr_count, &sum);
	KUNIT_EXPECT_EQ(test, sum, 18);
	KUNIT_EXPECT_PTR_EQ(test, idr_find(&idr, 6), (void *)test);
	KUNIT_EXPECT_PTR_EQ(test, idr_remove(&idr, 6), (void *)test);
	KUNIT_EXPECT_NULL(test, idr_find(&idr, 6));
	sum = 0;
	idr_for_each_entry(&idr, p, id)
		sum++;
	KUNIT_EXPECT_EQ(test, sum, 2);
	first = idr_alloc_cyclic(&idr, test, 1, 0, GFP_KERNEL);
	KUNIT_EXPECT_EQ(test, idr_alloc_cyclic(&idr, test, 1, 0, GFP_KERNEL),
			first + 1);
	idr_destroy(&idr);
	KUNIT_EXPECT_EQ(test, ida_alloc(&ida, GFP_KERNEL), 0);
	KUNIT_EXPECT_EQ(test, ida_alloc_min(&ida, 10, GFP_KERNEL), 10);
	KUNIT_EXPECT_EQ(test, ida_alloc_range(&ida, 0, 0, GFP_KERNEL), -ENOSPC);
	ida_free(&ida, 0);
	KUNIT_EXPECT_EQ(test, ida_alloc(&ida, GFP_KERNEL), 0);
	ida_destroy(&ida);
}

static void bits_test(struct kunit *test)
{
	DECLARE_BITMAP(map, 130) = {};
	unsigned long bit, *dyn, n = 0;
	unsigned int first, end;

	bitmap_set(map, 60, 10);
	for_each_set_bit(bit, map, 130)
		n += bit;
	KUNIT_EXPECT_EQ(test, n, 645UL);
	for_each_set_bitrange(first, end, map, 130)
		KUNIT_EXPECT_EQ(test, end - first, 10U);
	KUNIT_EXPECT_EQ(test, bitmap_find_next_zero_area(map, 130, 61, 50, 0),
			70UL);
	KUNIT_EXPECT_FALSE(test, test_and_set_bit(3, map));
	KUNIT_EXPECT_TRUE(test, __test_and_clear_bit(3, map));
	dyn = bitmap_zalloc(1000, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, dyn);
	KUNIT_EXPECT_TRUE(test, bitmap_empty(dyn, 1000));
	bitmap_free(dyn);
	KUNIT_EXPECT_EQ(test, GENMASK(7, 4), 0xf0UL);
	KUNIT_EXPECT_EQ(test, FIELD_PREP(GENMASK(7, 4), 5), 0x50UL);
	KUNIT_EXPECT_EQ(test, FIELD_GET(GENMASK(7, 4), 0x5a), 5UL);
	KUNIT_EXPECT_EQ(test, ffs(0x10), 5);
	KUNIT_EXPECT_EQ(test, hweight32(0xff00), 8U);
	KUNIT_EXPECT_EQ(test, rol32(0x80000001, 1), 3U);
	KUNIT_EXPECT_EQ(test, sign_extend32(0xff, 7), -1);
	KUNIT_EXPECT_EQ(test, roundup_pow_of_two(33), 64UL);
	KUNIT_EXPECT_EQ(test, ilog2(1000), 9);
	KUNIT_EXPECT_EQ(test, cpu_to_be32(0x01020304), 0x04030201U);
	KUNIT_EXPECT_EQ(test, get_unaligned_be16("\1\2"), 0x102);
}

static void arithmetic_test(struct kunit *test)
{
	size_t n;
	u8 byte;

	KUNIT_EXPECT_TRUE(test, check_add_overflow((u8)200, (u8)100, &byte));
	KUNIT_EXPECT_TRUE(test, check_mul_overflow(SIZE_MAX, (size_t)2, &n));
	KUNIT_EXPECT_EQ(test, array_size(SIZE_MAX, 2), SIZE_MAX);
	KUNIT_EXPECT_EQ(test, size_add(3, 4), (size_t)7);
	KUNIT_EXPECT_EQ(test, min(3, 4), 3);
	KUNIT_EXPECT_EQ(test, clamp(10, 1, 5), 5);
	KUNIT_EXPECT_EQ(test, DIV_ROUND_UP(10, 3), 4);
	KUNIT_EXPECT_EQ(test, DIV_ROUND_CLOSEST(10, 4), 3);
	KUNIT_EXPECT_EQ(test, round_up(33, 16), 48);
	KUNIT_EXPECT_EQ(test, roundup(33, 10), 40);
	KUNIT_EXPECT_EQ(test, abs(-5), 5);
	KUNIT_EXPECT_EQ(test, upper_32_bits(1ULL << 40), 256U);
	KUNIT_EXPECT_EQ(test, SZ_4K, 4096);
	KUNIT_EXPECT_TRUE(test, LINUX_VERSION_CODE >= KERNEL_VERSION(6, 1, 0));
	KUNIT_EXPECT_EQ(test, CIRC_CNT(5, 3, 16), 2);
}

static void text_test(struct kunit *test)
{
	char buf[64], *s, *word;
	u8 bytes[3];
	long l;
	int i, argc;
	char **argv;
	bool b;

	KUNIT_EXPECT_EQ(test, strscpy(buf, "hello"), 5L);
	KUNIT_EXPECT_EQ(test, strscpy(buf, "hello", 3), (ssize_t)-E2BIG);
	snprintf(buf, sizeof(buf), "%pe %*ph %s", ERR_PTR(-ENOMEM), 3,
		 "\1\2\3", str_yes_no(true));
	KUNIT_EXPECT_STREQ(test, buf, "-ENOMEM 01 02 03 yes");
	KUNIT_EXPECT_EQ(test, kstrtol("-42", 10, &l), 0);
	KUNIT_EXPECT_EQ(test, l, -42L);
	KUNIT_EXPECT_EQ(test, kstrtoint("0x7f", 0, &i), 0);
	KUNIT_EXPECT_EQ(test, kstrtobool("on", &b), 0);
	KUNIT_EXPECT_EQ(test, kstrtou8("300", 10, bytes), -ERANGE);
	strcpy(buf, "a,b,,c");
	for (s = buf, i = 0; (word = strsep(&s, ","));)
		i++;
	KUNIT_EXPECT_EQ(test, i, 4);
	argv = argv_split(GFP_KERNEL, " one two  three ", &argc);
	KUNIT_ASSERT_NOT_NULL(test, argv);
	KUNIT_EXPECT_EQ(test, argc, 3);
	KUNIT_EXPECT_STREQ(test, argv[2], "three");
	argv_free(argv);
	KUNIT_EXPECT_EQ(test, hex2bin(bytes, "0aff10", 3), 0);
	KUNIT_EXPECT_EQ(test, bytes[1], 0xff);
	KUNIT_EXPECT_TRUE(test, sysfs_streq("on\n", "on"));
	KUNIT_EXPECT_EQ(test, memcmp(kbasename("/a/b"), "b", 2), 0);
	KUNIT_EXPECT_STREQ(test, strim(strcpy(buf, "  x ")), "x");
	print_hex_dump(KERN_INFO, "dump: ", DUMP_PREFIX_OFFSET, 16, 1, "abc",
		       3, true);
	for (i = 0; i < 20; i++)
		pr_info_ratelimited("so many %d\n", i);
	for (i = 0; i < 2; i++)
		pr_info_once("once\n");
	pr_debug("not shown\n");
}

static int told;

static int tell(struct notifier_block *nb, unsigned long action, void *data)
{
	told = told * 10 + (int)action + nb->priority;
	return NOTIFY_OK;
}

static void notifier_test(struct kunit *test)
{
	BLOCKING_NOTIFIER_HEAD(chain);
	struct notifier_block low = { .notifier_call = tell, .priority = 1 };
	struct notifier_block high = { .notifier_call = tell, .priority = 2 };

	told = 0;
	blocking_notifier_chain_register(&chain, &low);
	blocking_notifier_chain_register(&chain, &high);
	blocking_notifier_call_chain(&chain, 3, NULL);
	KUNIT_EXPECT_EQ(test, told, 54);
	KUNIT_EXPECT_EQ(test, blocking_notifier_chain_unregister(&chain, &low),
			0);
	KUNIT_EXPECT_EQ(test, blocking_notifier_chain_unregister(&chain, &low),
			-ENOENT);
}

static DEFINE_PER_CPU(int, mine) = 3;

static void percpu_test(struct kunit *test)
{
	struct percpu_counter c;
	int __percpu *dyn = alloc_percpu(int), cpu, sum = 0;

	KUNIT_ASSERT_NOT_NULL(test, dyn);
	for_each_possible_cpu(cpu) {
		per_cpu(mine, cpu) = 3;
		*per_cpu_ptr(dyn, cpu) = cpu;
		sum += per_cpu(mine, cpu);
	}
	KUNIT_EXPECT_EQ(test, sum, 3 * (int)num_possible_cpus());
	get_cpu_var(mine)++;
	put_cpu_var(mine);
	this_cpu_add(mine, 2);
	KUNIT_EXPECT_EQ(test, this_cpu_inc_return(mine), 7);
	KUNIT_EXPECT_EQ(test, this_cpu_xchg(mine, 3), 7);
	this_cpu_inc(*dyn);
	free_percpu(dyn);
	KUNIT_ASSERT_EQ(test, percpu_counter_init(&c, 5, GFP_KERNEL), 0);
	for (sum = 0; sum < 100; sum++)
		percpu_counter_inc(&c);
	KUNIT_EXPECT_EQ(test, percpu_counter_sum(&c), 105LL);
	percpu_counter_destroy(&c);
	KUNIT_EXPECT_LT(test, numa_node_id(), MAX_NUMNODES);
}

static void pages_test(struct kunit *test)
{
	struct page *page = alloc_pages(GFP_KERNEL | __GFP_ZERO, 1);
	unsigned long addr;

	KUNIT_ASSERT_NOT_NULL(test, page);
	KUNIT_EXPECT_NULL(test, memchr_inv(page_address(page), 0,
					   2 * PAGE_SIZE));
	KUNIT_EXPECT_PTR_EQ(test, virt_to_page(page_address(page)), page);
	get_page(page);
	KUNIT_EXPECT_EQ(test, page_count(page), 2);
	put_page(page);
	__free_pages(page, 1);
	addr = __get_free_page(GFP_KERNEL);
	KUNIT_ASSERT_NE(test, addr, 0UL);
	free_page(addr);
}

static void srcu_test(struct kunit *test)
{
	static DEFINE_SRCU(s);
	struct device dev = { .init_name = "dev0" };
	int index = srcu_read_lock(&s);

	srcu_read_unlock(&s, index);
	synchronize_srcu(&s);
	cleanup_srcu_struct(&s);
	dev_info(&dev, "speaks %d\n", index);
	KUNIT_EXPECT_LT(test, get_random_u32_below(10), 10U);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(list_test), KUNIT_CASE(sort_test),
	KUNIT_CASE(rbtree_augmented_test), KUNIT_CASE(rbtree_cached_test),
	KUNIT_CASE(hash_test), KUNIT_CASE(xarray_test), KUNIT_CASE(idr_test),
	KUNIT_CASE(bits_test), KUNIT_CASE(arithmetic_test),
	KUNIT_CASE(text_test), KUNIT_CASE(notifier_test),
	KUNIT_CASE(percpu_test), KUNIT_CASE(pages_test),
	KUNIT_CASE(srcu_test), {}
};
static struct kunit_suite suite = { .name = "data", .test_cases = cases };
kunit_test_suite(suite);
MODULE_LICENSE("Dual MIT/GPL");
