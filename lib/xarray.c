// SPDX-License-Identifier: MIT
/*
 * Arrays without a length, as trees of nodes with 64 places each.
 *
 *   xa_head ──> node, shift 6 ──> node, shift 0 ──> entries
 *               slots[index >> 6 & 63]  slots[index & 63]
 *
 * The head is NULL, an entry (of index 0 alone), or the topmost node; a node
 * is told from an entry by its low bits, 2. The tree is as high as its
 * highest index needs, and nodes that become empty go, so an empty array has
 * no node. Each node has, for each mark, a word of bits: of its entries, or
 * of the children below which something is marked.
 *
 * A node is made whole before it is published, and freed after a grace period.
 * Readers follow pointers and never see a node's memory used for another one;
 * they may miss an entry that comes or goes meanwhile.
 *
 * Invariants (xa_check())
 *   I1  count = places of a node that are not NULL, never 0
 *   I2  a bit of a mark is set where an entry is marked, or a child has some;
 *       never where the place is NULL
 *   I3  parent, offset and shift say where a node hangs
 *
 * Memory is asked for with the lock held; if that fails and @gfp lets it
 * sleep, the lock is dropped, a node is allocated, and it goes on from there.
 * Meanwhile, and only then, a node may be empty against I1.
 */
#include <linux/xarray.h>

#include <linux/bitops.h>
#include <linux/kernel.h>
#include <linux/slab.h>

#define XA_SHIFT	6
#define XA_SLOTS	(1UL << XA_SHIFT)
#define XA_MARKS	3

/* l: xa_lock; read by anyone */
struct xa_node {
	struct xa_node *parent;		/* l: NULL: topmost */
	u8 shift;			/* c: bits of the index below it */
	u8 offset;			/* c: its place in parent */
	u8 count;			/* l: places that are not NULL */
	struct rcu_head rcu;		/* of its freeing */
	u64 marks[XA_MARKS];		/* l: by place */
	void *slots[XA_SLOTS];		/* l: entries, or nodes as entries */
};

static void *node_entry(struct xa_node *node)
{
	return (void *)((unsigned long)node | 2);
}

static struct xa_node *entry_node(const void *entry)
{
	return (struct xa_node *)((unsigned long)entry & ~2UL);
}

/* The highest index that a tree with @head as its top can hold. */
static unsigned long head_max(const void *head)
{
	unsigned int bits;

	if (!xa_is_node(head))
		return 0;
	bits = entry_node(head)->shift + XA_SHIFT;
	return bits >= BITS_PER_LONG ? ULONG_MAX : (1UL << bits) - 1;
}

static unsigned int node_place(const struct xa_node *node, unsigned long index)
{
	return (unsigned int)(index >> node->shift) & (XA_SLOTS - 1);
}

static void *load(void *const *slot)
{
	/* Pairs with the release in store(). */
	return __atomic_load_n(slot, __ATOMIC_ACQUIRE);
}

static void store(void **slot, void *entry)
{
	__atomic_store_n(slot, entry, __ATOMIC_RELEASE);
}

/* ---- lookups ---------------------------------------------------------- */

/* What is at @index, XA_ZERO_ENTRY too; *@leaf the node that has it, or NULL. */
static void *lookup(const struct xarray *xa, unsigned long index,
		    struct xa_node **leaf)
{
	void *entry = load(&xa->xa_head);

	*leaf = NULL;
	if (index > head_max(entry))
		return NULL;
	while (xa_is_node(entry)) {
		*leaf = entry_node(entry);
		entry = load(&(*leaf)->slots[node_place(*leaf, index)]);
	}
	return entry;
}

static void *shown(void *entry)
{
	return xa_is_zero(entry) ? NULL : entry;
}

void *xa_load(struct xarray *xa, unsigned long index)
{
	struct xa_node *leaf;
	void *entry;

	rcu_read_lock();
	entry = shown(lookup(xa, index, &leaf));
	rcu_read_unlock();
	return entry;
}

static bool place_marked(const struct xa_node *node, unsigned int place,
			 xa_mark_t mark)
{
	return READ_ONCE(node->marks[mark]) >> place & 1;
}

bool xa_get_mark(struct xarray *xa, unsigned long index, xa_mark_t mark)
{
	struct xa_node *leaf;
	bool marked = false;
	void *entry;

	rcu_read_lock();
	entry = lookup(xa, index, &leaf);
	if (entry)
		marked = leaf ? place_marked(leaf, node_place(leaf, index),
					     mark) :
				READ_ONCE(xa->head_marks) >> mark & 1;
	rcu_read_unlock();
	return marked;
}

bool xa_marked(const struct xarray *xa, xa_mark_t mark)
{
	const void *head = READ_ONCE(xa->xa_head);

	if (xa_is_node(head))
		return READ_ONCE(entry_node(head)->marks[mark]) != 0;
	return READ_ONCE(xa->head_marks) >> mark & 1;
}

/*
 * The first entry from @index on below @node; *@found its index. NULL: none,
 * and *@found is the first index behind @node, or 0 when there is none.
 */
static void *node_find(struct xa_node *node, unsigned long index,
		       xa_mark_t filter, unsigned long *found)
{
	unsigned int place = node_place(node, index);

	for (; place < XA_SLOTS; place++) {
		void *entry = load(&node->slots[place]);

		if (shown(entry) && (filter == XA_PRESENT ||
				     place_marked(node, place, filter))) {
			if (!xa_is_node(entry)) {
				*found = index;
				return entry;
			}
			entry = node_find(entry_node(entry), index, filter,
					  found);
			if (entry)
				return entry;
		}
		index = ((index >> node->shift) + 1) << node->shift;
	}
	*found = index;
	return NULL;
}

static void *find(struct xarray *xa, unsigned long *index, unsigned long max,
		  xa_mark_t filter)
{
	unsigned long found = *index;
	void *entry;

	rcu_read_lock();
	entry = load(&xa->xa_head);
	if (found > head_max(entry))
		entry = NULL;
	else if (xa_is_node(entry))
		entry = node_find(entry_node(entry), found, filter, &found);
	else if (filter != XA_PRESENT && !xa_get_mark(xa, 0, filter))
		entry = NULL;
	rcu_read_unlock();
	entry = shown(entry);
	if (!entry || found > max)
		return NULL;
	*index = found;
	return entry;
}

void *xa_find(struct xarray *xa, unsigned long *index, unsigned long max,
	      xa_mark_t filter)
{
	return *index > max ? NULL : find(xa, index, max, filter);
}

void *xa_find_after(struct xarray *xa, unsigned long *index, unsigned long max,
		    xa_mark_t filter)
{
	unsigned long next = *index + 1;
	void *entry;

	if (!next || next > max)
		return NULL;
	entry = find(xa, &next, max, filter);
	if (entry)
		*index = next;
	return entry;
}

unsigned int xa_extract(struct xarray *xa, void **dst, unsigned long start,
			unsigned long max, unsigned int n, xa_mark_t filter)
{
	unsigned long index = start;
	unsigned int i = 0;
	void *entry;

	for (entry = xa_find(xa, &index, max, filter); entry && i < n;
	     entry = xa_find_after(xa, &index, max, filter))
		dst[i++] = entry;
	return i;
}

/* ---- nodes ------------------------------------------------------------ */

static void node_free_rcu(struct rcu_head *head)
{
	kfree(container_of(head, struct xa_node, rcu));
}

/* Memory for a node: from *@spare, or now, without sleeping. */
static struct xa_node *node_alloc(struct xa_node **spare, gfp_t gfp)
{
	struct xa_node *node = *spare;

	*spare = NULL;
	if (!node)
		node = kzalloc(sizeof(*node), (gfp & ~(__GFP_DIRECT_RECLAIM |
						       __GFP_ZERO)) |
			       __GFP_NOWARN);
	return node;
}

/* The shift of a topmost node that has a place for @index. */
static u8 top_shift(unsigned long index)
{
	u8 shift = 0;

	while (index >> shift >= XA_SLOTS)
		shift += XA_SHIFT;
	return shift;
}

/* Makes the tree one level higher; an empty one as high as @index needs. */
static int tree_grow(struct xarray *xa, unsigned long index,
		     struct xa_node **spare, gfp_t gfp)
{
	struct xa_node *top = node_alloc(spare, gfp);
	void *head = xa->xa_head;
	unsigned int mark;

	if (!top)
		return -ENOMEM;
	if (!head) {
		top->shift = top_shift(index);
		store(&xa->xa_head, node_entry(top));
		return 0;
	}
	top->count = 1;
	top->slots[0] = head;
	for (mark = 0; mark < XA_MARKS; mark++)
		top->marks[mark] = xa_marked(xa, mark);
	if (xa_is_node(head)) {
		top->shift = entry_node(head)->shift + XA_SHIFT;
		entry_node(head)->parent = top;
	}
	xa->head_marks = 0;
	store(&xa->xa_head, node_entry(top));
	return 0;
}

/* The leaf for @index, with all nodes on the way made. */
static struct xa_node *leaf_make(struct xarray *xa, unsigned long index,
				 struct xa_node **spare, gfp_t gfp)
{
	struct xa_node *node, *child;
	unsigned int place;

	while (!xa_is_node(xa->xa_head) || index > head_max(xa->xa_head))
		if (tree_grow(xa, index, spare, gfp))
			return NULL;
	node = entry_node(xa->xa_head);
	while (node->shift) {
		place = node_place(node, index);
		if (!node->slots[place]) {
			child = node_alloc(spare, gfp);
			if (!child)
				return NULL;
			child->shift = node->shift - XA_SHIFT;
			child->offset = (u8)place;
			child->parent = node;
			node->count++;
			store(&node->slots[place], node_entry(child));
		}
		node = entry_node(node->slots[place]);
	}
	return node;
}

static void node_set_mark(struct xa_node *node, unsigned int place,
			  xa_mark_t mark)
{
	for (; node; place = node->offset, node = node->parent) {
		if (place_marked(node, place, mark))
			break;
		WRITE_ONCE(node->marks[mark], node->marks[mark] |
			   1ULL << place);
	}
}

static void node_clear_mark(struct xa_node *node, unsigned int place,
			    xa_mark_t mark)
{
	for (; node; place = node->offset, node = node->parent) {
		if (!place_marked(node, place, mark))
			break;
		WRITE_ONCE(node->marks[mark], node->marks[mark] &
			   ~(1ULL << place));
		if (node->marks[mark])
			break;
	}
}

/* Drops empty nodes from @node upwards. */
static void nodes_trim(struct xarray *xa, struct xa_node *node)
{
	while (node && !node->count) {
		struct xa_node *parent = node->parent;

		if (parent) {
			store(&parent->slots[node->offset], NULL);
			parent->count--;
		} else {
			store(&xa->xa_head, NULL);
		}
		call_rcu(&node->rcu, node_free_rcu);
		node = parent;
	}
}

/* ---- changes ---------------------------------------------------------- */

/* Makes nothing of a way to @index that has come to its end half-way. */
static void way_undo(struct xarray *xa, unsigned long index)
{
	struct xa_node *leaf;

	lookup(xa, index, &leaf);
	nodes_trim(xa, leaf);
}

/* What is in @leaf for @index becomes @entry; NULL clears its marks. */
static void leaf_store(struct xarray *xa, struct xa_node *leaf,
		       unsigned long index, void *entry)
{
	unsigned int place = node_place(leaf, index);
	void *old = leaf->slots[place];
	xa_mark_t mark;

	store(&leaf->slots[place], entry);
	leaf->count = (u8)(leaf->count + (entry != NULL) - (old != NULL));
	if (entry)
		return;
	for (mark = 0; mark < XA_MARKS; mark++)
		node_clear_mark(leaf, place, mark);
	nodes_trim(xa, leaf);
}

/* What xa->xa_lock's kind needs is dropped, and taken again. */
static void lock_drop(struct xarray *xa)
{
	if (xa->xa_flags & XA_FLAGS_LOCK_IRQ)
		xa_unlock_irq(xa);
	else if (xa->xa_flags & XA_FLAGS_LOCK_BH)
		xa_unlock_bh(xa);
	else
		xa_unlock(xa);
}

static void lock_take(struct xarray *xa)
{
	if (xa->xa_flags & XA_FLAGS_LOCK_IRQ)
		xa_lock_irq(xa);
	else if (xa->xa_flags & XA_FLAGS_LOCK_BH)
		xa_lock_bh(xa);
	else
		xa_lock(xa);
}

/* A node for the next try; false: there is none, and there will be none. */
static bool spare_get(struct xarray *xa, struct xa_node **spare, gfp_t gfp)
{
	if (!gfpflags_allow_blocking(gfp))
		return false;
	lock_drop(xa);
	*spare = kzalloc(sizeof(**spare), gfp & ~__GFP_ZERO);
	lock_take(xa);
	return *spare != NULL;
}

static bool entry_sound(const void *entry)
{
	return !((unsigned long)entry & 2) || xa_is_value(entry) ||
	       xa_is_zero(entry);
}

enum store_if { STORE_ALWAYS, STORE_IF_OLD, STORE_IF_EMPTY };

/*
 * The one way in: @entry to @index when what is there allows it. What was
 * there, XA_ZERO_ENTRY too, or an error.
 */
static void *entry_store(struct xarray *xa, unsigned long index, void *entry,
			 gfp_t gfp, enum store_if when, const void *old)
{
	struct xa_node *leaf, *spare = NULL;
	void *is;

	if (WARN_ON(!entry_sound(entry)))
		return XA_ERROR(-EINVAL);
	for (;;) {
		is = lookup(xa, index, &leaf);
		if ((when == STORE_IF_OLD && is != old) ||
		    (when == STORE_IF_EMPTY && is))
			break;
		if (leaf) {
			if (!leaf->shift) {
				leaf_store(xa, leaf, index, entry);
				break;
			}
		} else if (!index && !xa_is_node(xa->xa_head)) {
			store(&xa->xa_head, entry);
			if (!entry)
				xa->head_marks = 0;
			break;
		}
		if (!entry)
			break;
		leaf = leaf_make(xa, index, &spare, gfp);
		if (leaf) {
			leaf_store(xa, leaf, index, entry);
			break;
		}
		if (!spare_get(xa, &spare, gfp)) {
			way_undo(xa, index);
			is = XA_ERROR(-ENOMEM);
			break;
		}
	}
	kfree(spare);
	return is;
}

static void *store_value(const struct xarray *xa, void *entry)
{
	return !entry && xa->xa_flags & XA_FLAGS_TRACK_FREE ? XA_ZERO_ENTRY :
							       entry;
}

void *__xa_store(struct xarray *xa, unsigned long index, void *entry,
		 gfp_t gfp)
{
	return shown(entry_store(xa, index, store_value(xa, entry), gfp,
				 STORE_ALWAYS, NULL));
}

void *__xa_erase(struct xarray *xa, unsigned long index)
{
	return shown(entry_store(xa, index, NULL, 0, STORE_ALWAYS, NULL));
}

void *__xa_cmpxchg(struct xarray *xa, unsigned long index, void *old,
		   void *entry, gfp_t gfp)
{
	return shown(entry_store(xa, index, entry, gfp, STORE_IF_OLD, old));
}

int __xa_insert(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp)
{
	void *is = entry_store(xa, index, entry ? entry : XA_ZERO_ENTRY, gfp,
			       STORE_IF_EMPTY, NULL);

	return xa_is_err(is) ? xa_err(is) : is ? -EBUSY : 0;
}

/* The lowest free index from @min to @max; false: there is none. */
static bool free_find(struct xarray *xa, unsigned long min, unsigned long max,
		      unsigned long *free)
{
	struct xa_node *leaf;
	unsigned long i = min;

	for (;;) {
		if (i > max)
			return false;
		if (!lookup(xa, i, &leaf)) {
			*free = i;
			return true;
		}
		/* Full leaves go by whole. */
		if (leaf && leaf->count == XA_SLOTS && !node_place(leaf, i))
			i += XA_SLOTS;
		else
			i++;
		if (!i)
			return false;
	}
}

int __xa_alloc(struct xarray *xa, u32 *id, void *entry, struct xa_limit limit,
	       gfp_t gfp)
{
	unsigned long free, min = limit.min;
	int err;

	if (WARN_ON(!(xa->xa_flags & XA_FLAGS_TRACK_FREE)))
		return -EINVAL;
	if (!min && xa->xa_flags & XA_FLAGS_ZERO_BUSY)
		min = 1;
	do {
		if (!free_find(xa, min, limit.max, &free))
			return -EBUSY;
		/* Taken by another one while the lock was dropped: again. */
		err = __xa_insert(xa, free, entry, gfp);
	} while (err == -EBUSY);
	if (!err)
		*id = (u32)free;
	return err;
}

int __xa_alloc_cyclic(struct xarray *xa, u32 *id, void *entry,
		      struct xa_limit limit, u32 *next, gfp_t gfp)
{
	u32 min = limit.min;
	int err;

	limit.min = max(min, *next);
	err = __xa_alloc(xa, id, entry, limit, gfp);
	if (!err && xa->xa_flags & XA_FLAGS_ALLOC_WRAPPED) {
		xa->xa_flags &= ~XA_FLAGS_ALLOC_WRAPPED;
		err = 1;
	}
	if (err == -EBUSY && limit.min > min) {
		limit.min = min;
		err = __xa_alloc(xa, id, entry, limit, gfp);
		if (!err)
			err = 1;
	}
	if (err >= 0) {
		*next = *id + 1;
		if (!*next)
			xa->xa_flags |= XA_FLAGS_ALLOC_WRAPPED;
	}
	return err;
}

static void set_mark(struct xarray *xa, unsigned long index, xa_mark_t mark,
		     bool set)
{
	struct xa_node *leaf;

	if (!lookup(xa, index, &leaf))
		return;
	if (!leaf)
		WRITE_ONCE(xa->head_marks, set ?
			   xa->head_marks | 1U << mark :
			   xa->head_marks & ~(1U << mark));
	else if (set)
		node_set_mark(leaf, node_place(leaf, index), mark);
	else
		node_clear_mark(leaf, node_place(leaf, index), mark);
}

void __xa_set_mark(struct xarray *xa, unsigned long index, xa_mark_t mark)
{
	set_mark(xa, index, mark, true);
}

void __xa_clear_mark(struct xarray *xa, unsigned long index, xa_mark_t mark)
{
	set_mark(xa, index, mark, false);
}

static void node_destroy(struct xa_node *node)
{
	unsigned int i;

	for (i = 0; node->shift && i < XA_SLOTS; i++)
		if (node->slots[i])
			node_destroy(entry_node(node->slots[i]));
	call_rcu(&node->rcu, node_free_rcu);
}

void xa_destroy(struct xarray *xa)
{
	unsigned long flags;
	void *head;

	xa_lock_irqsave(xa, flags);
	head = xa->xa_head;
	store(&xa->xa_head, NULL);
	xa->head_marks = 0;
	xa_unlock_irqrestore(xa, flags);
	if (xa_is_node(head))
		node_destroy(entry_node(head));
}

/* ---- the check -------------------------------------------------------- */

static int node_check(const struct xa_node *node)
{
	unsigned int i, count = 0, mark;
	int err;

	for (i = 0; i < XA_SLOTS; i++) {
		const void *entry = node->slots[i];
		const struct xa_node *child = entry_node(entry);

		count += entry != NULL;
		for (mark = 0; mark < XA_MARKS; mark++)
			if (place_marked(node, i, mark) &&
			    (!entry || (node->shift && !child->marks[mark])))
				return 2;
		if (!node->shift || !entry)
			continue;
		if (child->parent != node || child->offset != i ||
		    child->shift + XA_SHIFT != node->shift)
			return 3;
		err = node_check(child);
		if (err)
			return err;
	}
	return count != node->count || !count ? 1 : 0;
}

int xa_check(struct xarray *xa)
{
	const void *head = xa->xa_head;

	return xa_is_node(head) ? node_check(entry_node(head)) : 0;
}
