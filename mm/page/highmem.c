// SPDX-License-Identifier: MIT
/*
 * kmap(): addresses for pages of high memory that last.
 *
 * There are LAST_PKMAP pages of addresses, the slots. A page that somebody
 * has called kmap() for has one, with a count; all who ask get the same. When
 * the last user has called kunmap(), the slot keeps its page: CPUs remember
 * the translation, and the next kmap() of the page finds it. Only when no
 * slot is free are all that nobody uses taken back, with one flush of all
 * CPUs; and when there are none of these either, kmap() waits.
 *
 *                kmap(): a new page            kunmap(): last user
 *      free ------------------------> count 2.. ----------------> count 1
 *        ^                                      <----------------    |
 *        |                              kmap(): the same page        |
 *        +--------- flush of all CPUs <--- no slot is free ----------+
 *
 * From a page to its slot leads a hash table whose chains run through the
 * slots, so that nothing is allocated. kmap() looks with the lock held;
 * page_address(), which is for any context, without it: writers keep
 * interrupts off and readers repeat (seq). Who may use the address has it
 * mapped, so its chain leads there before and after each change.
 *
 * Waiting. A thread waits when it finds no slot free and none unused, and in
 * order of arrival. Each slot that can be had wakes one thread; who maps a
 * page wakes all who wait for that very page, since they need no slot. Who was
 * woken and finds its page mapped passes the turn on. So a slot that can be
 * had and a thread that sleeps do not stay together.
 *
 * During a flush the lock is free, as CPUs that spin on it with interrupts off
 * would not answer; the slots concerned are on no list meanwhile, and who
 * comes then waits.
 *
 * Invariants, with the lock held (pkmap_check):
 *  K1. A slot has a page if and only if its count is not 0, and then it is in
 *      the chain of that page, and in no other; a page has one slot at most.
 *  K2. Slots on the free list have count 0; with those never begun and those
 *      in a flush they are all that have.
 *  K3. nr_unused is the number of slots whose count is 1.
 *  K4. The entry of a slot maps its page, or nothing without one.
 *
 * Locks: lock, then the wait queue's. Neither is taken in interrupts.
 *
 * Failure: kmap() in an interrupt is reported and gets NULL. kunmap() of a
 * page that is not mapped is reported and changes nothing.
 */
#include <linux/highmem.h>

#include <linux/bug.h>
#include <linux/init.h>
#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/seqlock.h>
#include <linux/spinlock.h>
#include <linux/wait.h>

#include <octavo/machine.h>
#include <octavo/port.h>

static_assert(LAST_PKMAP <= PKMAP_MAX, "struct highmem_state has room");

static inline struct highmem_state *highmem_state(void)
{
	return &this_machine()->highmem;
}

void __init page_address_init(void)
{
	struct highmem_state *h = highmem_state();

	spin_lock_init(&h->lock);
	init_waitqueue_head(&h->wait);
}

/* ---- from a page to its slot ------------------------------------------ */

/*
 * The high bits of a product with the golden ratio of 2^32, to which all bits
 * of the page's address come (Knuth, 6.4): pages at any distance come apart.
 */
static inline u16 *bucket_of(struct highmem_state *h, const struct page *page)
{
	u32 product = (u32)(unsigned long)page * 0x9e3779b1U;

	return &h->bucket[product >> (32 - PKMAP_BUCKET_BITS)];
}

static inline unsigned long slot_addr(struct highmem_state *h,
				      const struct pkmap_slot *slot)
{
	return PKMAP_ADDR(slot - h->slot);
}

/* The number of @page's slot + 1; 0: it has none. h->lock is held. */
static inline unsigned int slot_find(const struct highmem_state *h,
				     const struct page *page)
{
	unsigned int n = *bucket_of((struct highmem_state *)h, page);

	while (n && unlikely(h->slot[n - 1].page != page))
		n = h->slot[n - 1].next;
	return n;
}

static struct pkmap_slot *slot_lookup(struct highmem_state *h,
				      const struct page *page)
{
	unsigned int n = slot_find(h, page);

	return n ? &h->slot[n - 1] : NULL;
}

/* Without the lock: a chain may change meanwhile, and lead anywhere. */
static void *slot_peek(struct highmem_state *h, const struct page *page)
{
	unsigned int n = READ_ONCE(*bucket_of(h, page)), steps;

	for (steps = 0; n && steps < LAST_PKMAP; steps++) {
		struct pkmap_slot *slot = &h->slot[n - 1];

		if (READ_ONCE(slot->page) == page)
			return (void *)slot_addr(h, slot);
		n = READ_ONCE(slot->next);
	}
	return NULL;
}

void *page_address_high(const struct page *page)
{
	struct highmem_state *h = highmem_state();
	unsigned int seq;
	void *addr;

	do {
		seq = read_seqcount_begin(&h->seq);
		addr = slot_peek(h, page);
	} while (read_seqcount_retry(&h->seq, seq));
	return addr;
}

/* ---- slots that come and go ------------------------------------------- */

static struct pkmap_slot *slot_take(struct highmem_state *h)
{
	struct pkmap_slot *slot;

	if (h->free) {
		slot = &h->slot[h->free - 1];
		h->free = slot->next;
		return slot;
	}
	if (h->nr_begun == LAST_PKMAP)
		return NULL;
	return &h->slot[h->nr_begun++];
}

/* @slot, a free one, maps @page for one user. */
static void slot_map(struct highmem_state *h, struct pkmap_slot *slot,
		     struct page *page)
{
	u16 *bucket = bucket_of(h, page);
	unsigned long flags;

	VM_BUG_ON(slot->page || slot->count);
	port_pkmap_set(slot_addr(h, slot),
		       pfn_pte(page_to_pfn(page), kmap_prot));
	slot->count = 2;
	local_irq_save(flags);
	write_seqcount_begin(&h->seq);
	WRITE_ONCE(slot->page, page);
	WRITE_ONCE(slot->next, *bucket);
	WRITE_ONCE(*bucket, (u16)(slot - h->slot + 1));
	write_seqcount_end(&h->seq);
	local_irq_restore(flags);
}

/* @slot, which nobody uses, leaves its chain. */
static void slot_unmap(struct highmem_state *h, struct pkmap_slot *slot)
{
	u16 *link = bucket_of(h, slot->page), nr = (u16)(slot - h->slot + 1);
	unsigned long flags;

	while (*link != nr)
		link = &h->slot[*link - 1].next;
	local_irq_save(flags);
	write_seqcount_begin(&h->seq);
	WRITE_ONCE(*link, slot->next);
	WRITE_ONCE(slot->page, NULL);
	write_seqcount_end(&h->seq);
	local_irq_restore(flags);
	slot->count = 0;
	h->nr_unused--;
	port_pkmap_clear(slot_addr(h, slot));
}

/* A word in a list of waiters: whose page it is that they wait for. */
struct kmap_waiter {
	struct wait_queue_entry entry;
	struct page *page;
};

/* @key: the page that was mapped; NULL: a slot can be had. */
static int kmap_wake(struct wait_queue_entry *entry, unsigned int mode,
		     int flags, void *key)
{
	struct kmap_waiter *w = container_of(entry, struct kmap_waiter, entry);

	if (key && key != w->page)
		return 0;
	return autoremove_wake_function(entry, mode, flags, key);
}

static bool slot_can_be_had(const struct highmem_state *h)
{
	return h->free || h->nr_unused || h->nr_begun < LAST_PKMAP;
}

/*
 * Takes all slots back that nobody uses. The lock is held, but not during the
 * flush. Whom they serve besides the caller is woken.
 */
static void slots_flush(struct highmem_state *h)
{
	unsigned int first = LAST_PKMAP, last = 0, n, nr = 0;
	u16 list = 0, *tail = &list;

	for (n = 0; n < h->nr_begun; n++) {
		struct pkmap_slot *slot = &h->slot[n];

		if (slot->count != 1)
			continue;
		slot_unmap(h, slot);
		*tail = (u16)(n + 1);
		tail = &slot->next;
		first = min(first, n);
		last = n;
		nr++;
	}
	if (!nr)
		return;
	spin_unlock(&h->lock);
	port_flush_tlb_range(PKMAP_ADDR(first), PKMAP_ADDR(last + 1));
	spin_lock(&h->lock);
	*tail = h->free;
	h->free = list;
	if (unlikely(h->nr_waiting))
		__wake_up(&h->wait, TASK_NORMAL, (int)nr, NULL);
}

/* Until a slot can be had or @page is mapped, maybe. */
static void slot_wait(struct highmem_state *h, struct page *page)
{
	struct kmap_waiter w = { .page = page };

	init_wait_entry(&w.entry, WQ_FLAG_EXCLUSIVE);
	w.entry.func = kmap_wake;
	WRITE_ONCE(h->nr_waiting, h->nr_waiting + 1);
	prepare_to_wait_exclusive(&h->wait, &w.entry, TASK_UNINTERRUPTIBLE);
	spin_unlock(&h->lock);
	schedule();
	finish_wait(&h->wait, &w.entry);
	spin_lock(&h->lock);
	WRITE_ONCE(h->nr_waiting, h->nr_waiting - 1);
}

/* ---- for users --------------------------------------------------------- */

/* A slot for @page, which has none. The lock is held, but not all the time. */
static struct pkmap_slot *slot_get(struct highmem_state *h, struct page *page)
{
	struct pkmap_slot *slot;

	for (;;) {
		slot = slot_take(h);
		if (slot) {
			slot_map(h, slot, page);
			break;
		}
		if (h->nr_unused)
			slots_flush(h);
		else
			slot_wait(h, page);
		/* Others may have mapped it meanwhile. */
		slot = slot_lookup(h, page);
		if (slot) {
			h->nr_unused -= slot->count == 1;
			slot->count++;
			break;
		}
	}
	if (likely(!h->nr_waiting))
		return slot;
	__wake_up(&h->wait, TASK_NORMAL, 0, page);
	if (slot_can_be_had(h))
		__wake_up(&h->wait, TASK_NORMAL, 1, NULL);
	return slot;
}

/* Where it may not sleep: whether it may go on all the same. */
static noinline __cold bool kmap_allowed(const struct page *page)
{
	might_sleep();
	if (!in_interrupt())
		return true;
	pr_err("BUG: kmap of a page in an interrupt: pfn %#lx\n",
	       page_to_pfn(page));
	return false;
}

/* kmap_high() of a page without a slot. The lock is held, not on return. */
static noinline void *kmap_new(struct highmem_state *h, struct page *page)
{
	struct pkmap_slot *slot = slot_get(h, page);

	spin_unlock(&h->lock);
	return (void *)slot_addr(h, slot);
}

void *kmap_high(struct page *page)
{
	struct highmem_state *h = highmem_state();
	unsigned int n;

	if (unlikely(!preemptible()) && !kmap_allowed(page))
		return NULL;
	spin_lock(&h->lock);
	n = slot_find(h, page);
	if (unlikely(!n))
		return kmap_new(h, page);
	if (h->slot[n - 1].count++ == 1)
		h->nr_unused--;
	spin_unlock(&h->lock);
	return (void *)PKMAP_ADDR(n - 1);
}

static void __cold kunmap_report(const struct page *page, const char *what)
{
	pr_err("BUG: kunmap of a page %s: pfn %#lx\n", what, page_to_pfn(page));
}

void kunmap_high(struct page *page)
{
	struct highmem_state *h = highmem_state();
	struct pkmap_slot *slot;
	u32 count = 0;

	if (unlikely(in_interrupt())) {
		kunmap_report(page, "in an interrupt");
		return;
	}
	spin_lock(&h->lock);
	slot = slot_lookup(h, page);
	if (likely(slot)) {
		count = slot->count;
		if (count > 1)
			slot->count--;
		if (count == 2) {
			h->nr_unused++;
			if (unlikely(h->nr_waiting))
				__wake_up(&h->wait, TASK_NORMAL, 1, NULL);
		}
	}
	spin_unlock(&h->lock);
	if (unlikely(!count))
		kunmap_report(page, "that is not mapped");
	else if (unlikely(count == 1))
		kunmap_report(page, "that nobody has mapped any more");
}

void kmap_flush_unused(void)
{
	struct highmem_state *h = highmem_state();

	might_sleep();
	spin_lock(&h->lock);
	slots_flush(h);
	spin_unlock(&h->lock);
}

unsigned int kmap_nr_waiting(void)
{
	return READ_ONCE(highmem_state()->nr_waiting);
}

/* Is @addr in a slot of kmap_local_page()'s, of any CPU? */
static bool is_local_addr(unsigned long addr)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu)
		if (addr - port_kmap_local_base(cpu) < KM_MAX_IDX * PAGE_SIZE)
			return true;
	return false;
}

struct page *kmap_to_page(const void *p)
{
	unsigned long addr = (unsigned long)p & PAGE_MASK;
	pte_t pte;

	if (is_kmap_addr(p))
		pte = port_pkmap_pte(addr);
	else if (is_local_addr(addr))
		pte = port_kmap_local_pte(addr);
	else
		return virt_to_page(p);
	return pte_none(pte) ? NULL : pfn_to_page(pte_pfn(pte));
}

/* For debug builds, where it is virt_to_page(). */
struct page *virt_to_page_checked(const void *addr)
{
	if (unlikely(is_kmap_addr(addr)))
		pr_err("BUG: the page asked of an address that kmap() gave: %px\n",
		       addr);
	return pfn_to_page(PHYS_PFN(__pa(addr)));
}

void highmem_address_report(const struct page *page)
{
	pr_err("BUG: an address asked of a highmem page: pfn %#lx\n",
	       page_to_pfn(page));
	dump_stack();
}

/* ---- how much there is ------------------------------------------------- */

unsigned long nr_free_highpages(void)
{
	unsigned long n = 0;
	struct zone *zone;

	for_each_populated_zone(zone)
		if (is_highmem(zone))
			n += zone_page_state(zone, NR_FREE_PAGES);
	return n;
}

unsigned long totalhigh_pages(void)
{
	unsigned long n = 0;
	struct zone *zone;

	for_each_populated_zone(zone)
		if (is_highmem(zone))
			n += zone_managed_pages(zone);
	return n;
}

/* ---- checks ------------------------------------------------------------ */

static bool pkmap_bad(const char *invariant, unsigned int n)
{
	pr_err("pkmap_check: %s: slot %u\n", invariant, n);
	return false;
}

/* K1 and K4 of one slot. */
static bool slot_check(struct highmem_state *h, unsigned int n)
{
	struct pkmap_slot *slot = &h->slot[n];
	pte_t pte = port_pkmap_pte(slot_addr(h, slot));

	if (!slot->page != !slot->count)
		return pkmap_bad("K1: page and count", n);
	if (!slot->page)
		return pte_none(pte) ? true : pkmap_bad("K4: mapped", n);
	if (!pte_present(pte) || pte_pfn(pte) != page_to_pfn(slot->page))
		return pkmap_bad("K4: another page", n);
	return slot_lookup(h, slot->page) == slot ? true :
	       pkmap_bad("K1: not found by its page", n);
}

/* The lengths of all chains, or of the free list; too many: LAST_PKMAP + 1. */
static unsigned int list_length(struct highmem_state *h, unsigned int n)
{
	unsigned int length = 0;

	for (; n && length <= LAST_PKMAP; n = h->slot[n - 1].next)
		length++;
	return length;
}

static bool slots_check(struct highmem_state *h)
{
	unsigned int n, used = 0, unused = 0, hashed = 0, free;

	for (n = 0; n < LAST_PKMAP; n++) {
		if (!slot_check(h, n))
			return false;
		used += h->slot[n].count != 0;
		unused += h->slot[n].count == 1;
		if (h->slot[n].count && n >= h->nr_begun)
			return pkmap_bad("K2: never begun", n);
	}
	for (n = 0; n < PKMAP_BUCKETS; n++)
		hashed += list_length(h, h->bucket[n]);
	free = list_length(h, h->free);
	if (hashed != used)
		return pkmap_bad("K1: chains hold others", hashed);
	if (free + used > h->nr_begun)
		return pkmap_bad("K2: free slots", free);
	if (unused != h->nr_unused)
		return pkmap_bad("K3: unused slots", unused);
	return true;
}

bool pkmap_check(void)
{
	struct highmem_state *h = highmem_state();
	bool good;

	spin_lock(&h->lock);
	good = slots_check(h);
	spin_unlock(&h->lock);
	return good;
}
