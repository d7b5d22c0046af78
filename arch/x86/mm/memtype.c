// SPDX-License-Identifier: MIT
/*
 * Who caches which physical addresses how.
 *
 * A physical page may be mapped at several addresses. If two of them are
 * cached in different ways, the processor may answer one from a line that the
 * other never sees: stale data, lost writes, on some machines a machine check.
 * So whoever maps addresses outside RAM reserves their type first, and two
 * types do not meet:
 *
 *	fd000000       fd400000             fd800000
 *	   |--- WC, 2 users ---|
 *	          |------- WC, 1 user ---------|
 *	                            |-- UC- --|  <- gets WC, or is refused
 *
 * Terms
 *   type       what the page tables say: UC UC- WC WT WP WB (the PAT,
 *              arch/x86/mm/pat_table.c). UC- is uncached unless an MTRR makes
 *              it WC
 *   MTRR type  what the firmware said of the physical address (mtrr.c)
 *   effective  what the processor makes of the two: memtype_effective()
 *
 * What a request for a type gets, first rule that fits:
 *
 *   the PAT is off              WC becomes UC-, the rest is as it is; nothing
 *                               is noted, as the page tables cannot say more
 *   within the ISA hole         WB: the MTRRs decide there
 *   all of it is RAM            WB only, as the direct map has it
 *   some of it is RAM           nothing
 *   WB, and the MTRRs say other UC-
 *   others have it, one type    theirs
 *   others have it, several     nothing
 *   nobody has it               what was asked for
 *
 * Whether who asked may live with what he got is memtype_allows()'s business:
 * never with a cache that holds back writes when he wanted none.
 *
 * Invariants (memtype_check())
 * I1  a range is not empty, consists of pages, and has users
 * I2  the tree is a red-black tree by start, then end, and each node knows
 *     the largest end of itself and all below
 * I3  ranges that overlap have the same type
 * I4  nr and users are the sums over all nodes
 *
 * Users of exactly the same range share a node, which counts them.
 *
 * Locks: memtype_state.lock, a leaf but for the log's. Task context: memory
 * for a node is taken before.
 *
 * Failure: nothing is changed; one line names the range that was asked for
 * and the one that is in the way.
 *
 * Differs from Linux: RAM has no types but WB, as nothing here changes the
 * direct map; the conflict's line names the other range too.
 */
#include <asm/memtype.h>

#include <linux/errno.h>
#include <linux/init.h>
#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/kernel.h>
#include <linux/rbtree.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include <octavo/machine.h>
#include <octavo/this_machine.h>
#include <asm/e820/types.h>
#include <asm/mtrr.h>

/* ---- names and rules --------------------------------------------------- */

const char *cattr_name(enum page_cache_mode type)
{
	static const char *const names[_PAGE_CACHE_MODE_NUM] = {
		[_PAGE_CACHE_MODE_WB] = "write-back",
		[_PAGE_CACHE_MODE_WC] = "write-combining",
		[_PAGE_CACHE_MODE_UC_MINUS] = "uncached-minus",
		[_PAGE_CACHE_MODE_UC] = "uncached",
		[_PAGE_CACHE_MODE_WT] = "write-through",
		[_PAGE_CACHE_MODE_WP] = "write-protected",
	};

	return type < _PAGE_CACHE_MODE_NUM ? names[type] : "broken";
}

bool memtype_allows(enum page_cache_mode req, enum page_cache_mode got)
{
	switch (req) {
	case _PAGE_CACHE_MODE_UC_MINUS:
	case _PAGE_CACHE_MODE_WC:
		return got != _PAGE_CACHE_MODE_WB;
	case _PAGE_CACHE_MODE_WT:
		return got != _PAGE_CACHE_MODE_WB &&
		       got != _PAGE_CACHE_MODE_WC;
	case _PAGE_CACHE_MODE_UC:
		/* Its users rely on the order of writes too. */
		return got == _PAGE_CACHE_MODE_UC ||
		       got == _PAGE_CACHE_MODE_UC_MINUS;
	default:
		return true;
	}
}

bool pat_enabled(void)
{
	return memtype_state()->pat;
}

static int __init nopat_setup(char *val)
{
	if (val)
		return option_malformed("nopat", val, "takes no value");
	memtype_state()->off = true;
	pr_info("x86/PAT: PAT support disabled via boot option.\n");
	return 0;
}
early_param("nopat", nopat_setup);

/* Within what the fixed MTRRs govern piece by piece. */
static bool memtype_untracked(u64 start, u64 end)
{
	return start >= ISA_START_ADDRESS && end <= ISA_END_ADDRESS;
}

/* The PAT's encoding, which is the MTRRs' and has UC- besides. */
static u8 memtype_pat_type(enum page_cache_mode type)
{
	static const u8 pat[_PAGE_CACHE_MODE_NUM] = {
		[_PAGE_CACHE_MODE_WB] = MTRR_TYPE_WRBACK,
		[_PAGE_CACHE_MODE_WC] = MTRR_TYPE_WRCOMB,
		[_PAGE_CACHE_MODE_UC_MINUS] = PAT_TYPE_UC_MINUS,
		[_PAGE_CACHE_MODE_UC] = MTRR_TYPE_UNCACHABLE,
		[_PAGE_CACHE_MODE_WT] = MTRR_TYPE_WRTHROUGH,
		[_PAGE_CACHE_MODE_WP] = MTRR_TYPE_WRPROT,
	};

	BUG_ON(type >= _PAGE_CACHE_MODE_NUM);
	return pat[type];
}

u8 memtype_effective(u64 start, u64 end, enum page_cache_mode type)
{
	u8 uniform, mtrr = mtrr_type_lookup(start, end, &uniform);

	/* A processor without MTRRs has the PAT alone. */
	if (mtrr == MTRR_TYPE_INVALID)
		mtrr = MTRR_TYPE_WRBACK;
	return mtrr_pat_combine(mtrr, memtype_pat_type(type));
}

u64 memtype_mtrr_end(u64 start, u64 end)
{
	const struct mtrr_state *m = &this_fw()->mtrr;
	u8 type = mtrr_state_type(m, start);
	u64 at = start;

	do {
		at = m->enabled ? mtrr_state_next(m, at) : 0;
	} while (at && at < end && mtrr_state_type(m, at) == type);
	return at ? min(at, end) : end;
}

/* Write-back that the MTRRs do not give is asked for as UC-. */
static enum page_cache_mode memtype_under_mtrr(u64 start, u64 end,
					       enum page_cache_mode req)
{
	if (req == _PAGE_CACHE_MODE_WB &&
	    memtype_effective(start, end, req) != MTRR_TYPE_WRBACK)
		return _PAGE_CACHE_MODE_UC_MINUS;
	return req;
}

/* ---- reports ----------------------------------------------------------- */

static void report_conflict(u64 start, u64 end, enum page_cache_mode req,
			    const struct memtype *other)
{
	pr_info("x86/PAT: %s:%d conflicting memory types %llx-%llx %s<->%s, which %llx-%llx has\n",
		current->comm, current->pid, start, end, cattr_name(req),
		cattr_name(other->type), other->start, other->end);
}

static int report_ram(u64 start, u64 end, enum page_cache_mode req, int kind)
{
	pr_info("x86/PAT: %s:%d memtype_reserve failed [mem %#010llx-%#010llx], req %s: %s RAM, which the direct map has as write-back\n",
		current->comm, current->pid, start, end - 1, cattr_name(req),
		kind == REGION_MIXED ? "part of it is" : "it is");
	return -EINVAL;
}

/* ---- reserving --------------------------------------------------------- */

static int memtype_ram(u64 start, u64 end)
{
	return region_intersects(start, end - start, IORESOURCE_SYSTEM_RAM,
				 IORES_DESC_NONE);
}

/*
 * Adds @new with the one type that all have whom it overlaps; @fixed: that
 * has to be its own. -EBUSY, with a line. Holds the lock.
 */
static int memtype_insert(struct memtype_state *s, struct memtype *new,
			  bool fixed)
{
	const struct memtype *first, *m;

	m = first = memtype_first(s, new->start, new->end);
	if (first && fixed && first->type != new->type)
		goto conflict;
	if (first)
		new->type = first->type;
	for (; m; m = memtype_after(s, m, new->start, new->end))
		if (m->type != new->type)
			goto conflict;
	memtype_add(s, new);
	return 0;
conflict:
	report_conflict(new->start, new->end, new->type, m);
	return -EBUSY;
}

/* Of addresses that are looked after. */
static int memtype_reserve_tracked(u64 start, u64 end,
				   enum page_cache_mode type,
				   enum page_cache_mode *ret)
{
	struct memtype_state *s = memtype_state();
	struct memtype *new = kzalloc(sizeof(*new), GFP_KERNEL);
	enum page_cache_mode got;
	bool linked;
	int err;

	if (!new)
		return -ENOMEM;
	new->start = start;
	new->end = end;
	new->type = type;
	spin_lock(&s->lock);
	err = memtype_insert(s, new, !ret);
	linked = new->users;
	got = new->type;
	spin_unlock(&s->lock);
	if (!linked)
		kfree(new);
	if (!err && ret)
		*ret = got;
	return err;
}

int memtype_reserve(u64 start, u64 end, enum page_cache_mode req_type,
		    enum page_cache_mode *ret_type)
{
	enum page_cache_mode type = req_type;
	int ram;

	BUG_ON(start >= end || type >= _PAGE_CACHE_MODE_NUM);
	if (!pat_enabled()) {
		if (type == _PAGE_CACHE_MODE_WC)
			type = _PAGE_CACHE_MODE_UC_MINUS;
	} else if (memtype_untracked(start, end)) {
		type = _PAGE_CACHE_MODE_WB;
	} else {
		start = start & PAGE_MASK;
		end = ALIGN(end, PAGE_SIZE);
		ram = memtype_ram(start, end);
		if (ram == REGION_DISJOINT)
			return memtype_reserve_tracked(start, end,
				memtype_under_mtrr(start, end, type),
				ret_type);
		if (ram == REGION_MIXED || type != _PAGE_CACHE_MODE_WB)
			return report_ram(start, end, type, ram);
	}
	if (ret_type)
		*ret_type = type;
	return 0;
}

int memtype_free(u64 start, u64 end)
{
	struct memtype_state *s = memtype_state();
	struct memtype *m;
	bool last = false;

	if (!pat_enabled() || memtype_untracked(start, end))
		return 0;
	start = start & PAGE_MASK;
	end = ALIGN(end, PAGE_SIZE);
	if (memtype_ram(start, end) == REGION_INTERSECTS)
		return 0;
	spin_lock(&s->lock);
	m = memtype_find(s, start, end);
	if (m)
		last = memtype_remove(s, m);
	spin_unlock(&s->lock);
	if (last)
		kfree(m);
	if (m)
		return 0;
	pr_info("x86/PAT: %s:%d freeing invalid memtype [mem %#010llx-%#010llx]\n",
		current->comm, current->pid, start, end - 1);
	return -EINVAL;
}

/* ---- for those who map ------------------------------------------------- */

/* Says whose type stands in the way of @req for [start, end). */
static void memtype_report_refused(u64 start, u64 end,
				   enum page_cache_mode req)
{
	struct memtype_state *s = memtype_state();
	const struct memtype *m;

	spin_lock(&s->lock);
	m = memtype_first(s, start, end);
	while (m && memtype_allows(req, m->type))
		m = memtype_after(s, m, start, end);
	if (m)
		report_conflict(start, end, req, m);
	spin_unlock(&s->lock);
}

int memtype_reserve_io(resource_size_t start, resource_size_t end,
		       enum page_cache_mode *type)
{
	enum page_cache_mode got = *type;
	int err = memtype_reserve(start, end, *type, &got);

	if (err)
		return err;
	if (got != *type && !memtype_untracked(start, end) &&
	    !memtype_allows(*type, got)) {
		memtype_report_refused(start, end, *type);
		memtype_free(start, end);
		return -EBUSY;
	}
	err = memtype_kernel_map_sync(start, (unsigned long)(end - start), got);
	if (err)
		memtype_free(start, end);
	else
		*type = got;
	return err;
}

void memtype_free_io(resource_size_t start, resource_size_t end)
{
	memtype_free(start, end);
}

int memtype_kernel_map_sync(u64 base, unsigned long size,
			    enum page_cache_mode type)
{
	if (type == _PAGE_CACHE_MODE_WB || memtype_untracked(base, base + size))
		return 0;
	if (!memtype_direct_map_has(base, base + size))
		return 0;
	pr_info("x86/PAT: %s:%d map pfn expected mapping type write-back for [mem %#010llx-%#010llx], got %s: the direct map shows some of it\n",
		current->comm, current->pid, base, base + size - 1,
		cattr_name(type));
	return -EINVAL;
}

int arch_io_reserve_memtype_wc(resource_size_t start, resource_size_t size)
{
	enum page_cache_mode type = _PAGE_CACHE_MODE_WC;

	return memtype_reserve_io(start, start + size, &type);
}

void arch_io_free_memtype_wc(resource_size_t start, resource_size_t size)
{
	memtype_free_io(start, start + size);
}

/* ---- looking ----------------------------------------------------------- */

enum page_cache_mode memtype_lookup(u64 addr)
{
	struct memtype_state *s = memtype_state();
	enum page_cache_mode type = _PAGE_CACHE_MODE_UC_MINUS;
	const struct memtype *m;

	if (memtype_untracked(addr, addr + 1) ||
	    memtype_ram(addr, addr + 1) != REGION_DISJOINT)
		return _PAGE_CACHE_MODE_WB;
	spin_lock(&s->lock);
	m = memtype_first(s, addr, addr + 1);
	if (m)
		type = m->type;
	spin_unlock(&s->lock);
	return type;
}

const char *memtype_check(void)
{
	struct memtype_state *s = memtype_state();
	const char *wrong;

	spin_lock(&s->lock);
	wrong = memtype_tree_check(s);
	spin_unlock(&s->lock);
	return wrong;
}

/* A line for each user, as Linux has it. */
int pat_memtype_list_show(struct seq_file *m)
{
	struct memtype_state *s = memtype_state();
	const struct memtype *t;
	unsigned int i;

	if (!pat_enabled())
		return -ENOENT;
	seq_puts(m, "PAT memtype list:\n");
	spin_lock(&s->lock);
	for (t = memtype_first(s, 0, U64_MAX); t;
	     t = memtype_after(s, t, 0, U64_MAX))
		for (i = 0; i < t->users; i++)
			seq_printf(m, "PAT: [mem 0x%016llx-0x%016llx] %s\n",
				   t->start, t->end, cattr_name(t->type));
	spin_unlock(&s->lock);
	return 0;
}
