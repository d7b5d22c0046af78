// SPDX-License-Identifier: MIT
/* Linked lists. */
#include <kunit/test.h>

#include <linux/list.h>

struct item {
	int value;
	struct list_head link;
};

/* The list's values as digits; -1 when the way back tells another tale. */
static int digits(struct list_head *head)
{
	int forwards = 0, back = 0, scale = 1;
	struct list_head *p;
	struct item *i;

	list_for_each_entry(i, head, link)
		forwards = forwards * 10 + i->value;
	for (p = head->prev; p != head; p = p->prev, scale *= 10)
		back += list_entry(p, struct item, link)->value * scale;
	return forwards == back ? forwards : -1;
}

static void list_add_test(struct kunit *test)
{
	struct item a = { 1, { 0 } }, b = { 2, { 0 } }, c = { 3, { 0 } };
	LIST_HEAD(head);

	KUNIT_EXPECT_TRUE(test, list_empty(&head));
	KUNIT_EXPECT_FALSE(test, list_is_singular(&head));
	KUNIT_EXPECT_NULL(test, list_first_entry_or_null(&head, struct item,
							 link));
	list_add(&a.link, &head);
	KUNIT_EXPECT_TRUE(test, list_is_singular(&head));
	list_add(&b.link, &head);
	list_add_tail(&c.link, &head);
	KUNIT_EXPECT_EQ(test, digits(&head), 213);
	KUNIT_EXPECT_PTR_EQ(test, list_first_entry(&head, struct item, link),
			    &b);
	KUNIT_EXPECT_PTR_EQ(test, list_last_entry(&head, struct item, link),
			    &c);
	KUNIT_EXPECT_PTR_EQ(test, list_next_entry(&b, link), &a);
	KUNIT_EXPECT_FALSE(test, list_empty(&head));
}

static void list_del_test(struct kunit *test)
{
	struct item a = { 1, { 0 } }, b = { 2, { 0 } }, c = { 3, { 0 } };
	LIST_HEAD(head);

	list_add_tail(&a.link, &head);
	list_add_tail(&b.link, &head);
	list_add_tail(&c.link, &head);
	list_del(&b.link);
	KUNIT_EXPECT_EQ(test, digits(&head), 13);
	KUNIT_EXPECT_PTR_EQ(test, b.link.next, LIST_POISON1);
	KUNIT_EXPECT_PTR_EQ(test, b.link.prev, LIST_POISON2);
	list_del_init(&a.link);
	KUNIT_EXPECT_TRUE(test, list_empty(&a.link));
	list_move(&c.link, &head);
	KUNIT_EXPECT_EQ(test, digits(&head), 3);
	list_del(&c.link);
	KUNIT_EXPECT_TRUE(test, list_empty(&head));
}

static void list_move_test(struct kunit *test)
{
	struct item i[4] = { { 1, { 0 } }, { 2, { 0 } }, { 3, { 0 } },
			     { 4, { 0 } } };
	LIST_HEAD(head);
	LIST_HEAD(other);

	list_add_tail(&i[0].link, &head);
	list_add_tail(&i[1].link, &head);
	list_add_tail(&i[2].link, &other);
	list_add_tail(&i[3].link, &other);
	list_move(&i[1].link, &head);
	KUNIT_EXPECT_EQ(test, digits(&head), 21);
	list_move_tail(&i[1].link, &head);
	KUNIT_EXPECT_EQ(test, digits(&head), 12);
	list_splice_init(&other, &head);
	KUNIT_EXPECT_EQ(test, digits(&head), 3412);
	KUNIT_EXPECT_TRUE(test, list_empty(&other));
	list_splice_init(&other, &head);
	KUNIT_EXPECT_EQ(test, digits(&head), 3412);
}

static void list_safe_test(struct kunit *test)
{
	struct item i[3] = { { 1, { 0 } }, { 2, { 0 } }, { 3, { 0 } } };
	struct item *p, *next;
	struct list_head *l, *n;
	LIST_HEAD(head);
	int k, sum = 0;

	for (k = 0; k < 3; k++)
		list_add_tail(&i[k].link, &head);
	list_for_each_entry_safe(p, next, &head, link)
		if (p->value != 2)
			list_del(&p->link);
	KUNIT_EXPECT_EQ(test, digits(&head), 2);
	list_for_each(l, &head)
		sum += list_entry(l, struct item, link)->value;
	KUNIT_EXPECT_EQ(test, sum, 2);
	list_for_each_safe(l, n, &head)
		list_del(l);
	KUNIT_EXPECT_TRUE(test, list_empty(&head));
}

static struct kunit_case list_cases[] = {
	KUNIT_CASE(list_add_test),
	KUNIT_CASE(list_del_test),
	KUNIT_CASE(list_move_test),
	KUNIT_CASE(list_safe_test),
	{}
};

static struct kunit_suite list_suite = {
	.name = "list", .test_cases = list_cases,
};
kunit_test_suite(list_suite);
