// SPDX-License-Identifier: MIT
/* Ranges found by address, against an array of all addresses. */
#include <kunit/test.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include <octavo/port.h>
#include <octavo/range_tree.h>

#define SPACE	512u	/* addresses, from 1 on */
#define STEPS	4000u

static struct range_node nodes[SPACE];	/* by start */
static u16 owner[SPACE + 1];		/* start of who covers it; 0: nobody */

static bool space_is_free(unsigned int start, unsigned int end)
{
	for (; start < end; start++)
		if (owner[start])
			return false;
	return true;
}

static void look_everywhere(struct kunit *test, const struct range_tree *tree)
{
	unsigned int at, next;

	for (at = 1; at < SPACE; at++) {
		struct range_node *found = range_tree_find(tree, at);
		struct range_node *from = range_tree_from(tree, at);

		KUNIT_EXPECT_PTR_EQ(test, found,
				    owner[at] ? &nodes[owner[at]] : NULL);
		for (next = at; next < SPACE && !owner[next]; next++)
			;
		KUNIT_EXPECT_PTR_EQ(test, from,
				    next < SPACE ? &nodes[owner[next]] : NULL);
	}
}

static void random_test(struct kunit *test)
{
	struct range_tree tree = { NULL };
	unsigned int i, at;

	memset(owner, 0, sizeof(owner));
	for (i = 0; i < STEPS; i++) {
		unsigned int start = 1 + (unsigned int)(port_random() %
							(SPACE - 1));
		unsigned int end = min(start + 1 + (unsigned int)(port_random() %
								  20), SPACE);
		struct range_node *node = range_tree_find(&tree, start);

		if (node) {
			for (at = (unsigned int)node->start; at < node->end; at++)
				owner[at] = 0;
			range_tree_remove(&tree, node);
		} else {
			bool fits = space_is_free(start, end);

			nodes[start].start = start;
			nodes[start].end = end;
			KUNIT_EXPECT_EQ(test,
					range_tree_insert(&tree, &nodes[start]),
					fits);
			for (at = start; fits && at < end; at++)
				owner[at] = (u16)start;
		}
		KUNIT_ASSERT_EQ(test, range_tree_check(&tree), 0);
		if (!(i % 200))
			look_everywhere(test, &tree);
	}
}

/* In order: chance of the shape comes from addresses, not from the order. */
static void sorted_test(struct kunit *test)
{
	struct range_tree tree = { NULL };
	unsigned int i;

	for (i = 1; i < SPACE; i++) {
		nodes[i].start = i * 64;
		nodes[i].end = i * 64 + 64;
		KUNIT_EXPECT_TRUE(test, range_tree_insert(&tree, &nodes[i]));
	}
	KUNIT_EXPECT_EQ(test, range_tree_check(&tree), 0);
	KUNIT_EXPECT_FALSE(test, range_tree_insert(&tree, &(struct range_node){
				   .start = 100, .end = 101 }));
	for (i = 1; i < SPACE; i++)
		range_tree_remove(&tree, &nodes[i]);
	KUNIT_EXPECT_NULL(test, tree.root);
}

static struct kunit_case range_tree_cases[] = {
	KUNIT_CASE(random_test), KUNIT_CASE(sorted_test), {}
};

static struct kunit_suite range_tree_suite = {
	.name = "range_tree", .test_cases = range_tree_cases,
};
kunit_test_suite(range_tree_suite);
