// SPDX-License-Identifier: MIT
/*
 * Memory type range registers, decoded.
 *
 * A physical address has a memory type, found by the processor like this:
 *
 *	MTRRs off?                        uncached
 *	below 1 MiB and fixed ranges on?  one of 88 fixed ranges
 *	in one or more variable ranges?   their types combined
 *	else                              the default type
 *
 * A variable range is all addresses a with (a & mask) == (base & mask). Where
 * ranges overlap, uncached wins; write-through wins over write-back; any other
 * mixture is left undefined by the architecture and taken as uncached here,
 * which is right for every kind of memory.
 *
 * The page tables' type (PAT) is then combined with it (mtrr_pat_combine()).
 * All of this works on a struct mtrr_state, wherever its values came from.
 *
 * Invariants (mtrr_state_check()):
 * I1  nr_var <= MTRR_MAX_VAR_RANGES
 * I2  every type is one of UC, WC, WT, WP, WB
 *
 * Failure: a register whose value the architecture does not allow is refused
 * by mtrr_state_set(); a variable range whose mask has holes is reported and
 * switched off by mtrr_state_fix(), as no BIOS means one.
 */
#include <asm/mtrr.h>

#include <linux/bitops.h>
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/seq_file.h>
#include <linux/string.h>
#include <octavo/this_machine.h>
#include <asm/e820/api.h>
#include <asm/page.h>

#define MTRR_CAP_VCNT		0xffU
#define MTRR_CAP_FIX		(1U << 8)
#define MTRR_DEF_FE		(1U << 10)
#define MTRR_DEF_E		(1U << 11)
#define MTRR_MASK_VALID		(1U << 11)
#define MTRR_ADDRESS		(~(u64)(PAGE_SIZE - 1))
/* Where the fixed ranges end, and their parts. */
#define FIXED_END		0x100000
#define FIXED_16K_START		0x80000
#define FIXED_4K_START		0xc0000

const u16 mtrr_fixed_regs[MTRR_NUM_FIXED_REGS] = {
	MSR_MTRRfix64K_00000, MSR_MTRRfix16K_80000, MSR_MTRRfix16K_A0000,
	MSR_MTRRfix4K_C0000 + 0, MSR_MTRRfix4K_C0000 + 1,
	MSR_MTRRfix4K_C0000 + 2, MSR_MTRRfix4K_C0000 + 3,
	MSR_MTRRfix4K_C0000 + 4, MSR_MTRRfix4K_C0000 + 5,
	MSR_MTRRfix4K_C0000 + 6, MSR_MTRRfix4K_C0000 + 7,
};

static bool mtrr_type_valid(u8 type)
{
	return type == MTRR_TYPE_UNCACHABLE || type == MTRR_TYPE_WRCOMB ||
	       type == MTRR_TYPE_WRTHROUGH || type == MTRR_TYPE_WRPROT ||
	       type == MTRR_TYPE_WRBACK;
}

const char *mtrr_attrib_to_str(int type)
{
	static const char *const names[MTRR_NUM_TYPES] = {
		"uncachable", "write-combining", "?", "?", "write-through",
		"write-protect", "write-back",
	};

	return type >= 0 && type < MTRR_NUM_TYPES ? names[type] : "?";
}

/* --- registers --- */

/* Which fixed register @msr is, -1: none. */
static int mtrr_fixed_index(u32 msr)
{
	int i;

	for (i = 0; i < MTRR_NUM_FIXED_REGS; i++)
		if (mtrr_fixed_regs[i] == msr)
			return i;
	return -1;
}

static int mtrr_set_fixed(struct mtrr_state *m, int reg, u64 value)
{
	int i;

	for (i = 0; i < 8; i++)
		if (!mtrr_type_valid((u8)(value >> 8 * i)))
			return -EINVAL;
	for (i = 0; i < 8; i++)
		m->fixed[reg * 8 + i] = (u8)(value >> 8 * i);
	m->have_fixed = true;
	return 0;
}

static int mtrr_set_var(struct mtrr_state *m, u32 msr, u64 value)
{
	u32 i = (msr - MSR_MTRRphysBase(0)) / 2;

	if (msr & 1) {
		m->var[i].mask = value & (MTRR_ADDRESS | MTRR_MASK_VALID);
	} else {
		if (!mtrr_type_valid((u8)value))
			return -EINVAL;
		m->var[i].base = value & (MTRR_ADDRESS | 0xff);
	}
	m->nr_var = (u8)max_t(u32, m->nr_var, i + 1);
	return 0;
}

int mtrr_state_set(struct mtrr_state *m, u32 msr, u64 value)
{
	int fixed = mtrr_fixed_index(msr);

	if (fixed >= 0)
		return mtrr_set_fixed(m, fixed, value);
	if (msr >= MSR_MTRRphysBase(0) &&
	    msr < MSR_MTRRphysBase(MTRR_MAX_VAR_RANGES))
		return mtrr_set_var(m, msr, value);
	switch (msr) {
	case MSR_MTRRcap:
		if ((value & MTRR_CAP_VCNT) > MTRR_MAX_VAR_RANGES)
			return -EINVAL;
		m->nr_var = (u8)(value & MTRR_CAP_VCNT);
		m->have_fixed = value & MTRR_CAP_FIX;
		return 0;
	case MSR_MTRRdefType:
		if (!mtrr_type_valid((u8)value))
			return -EINVAL;
		m->def_type = (u8)value;
		m->enabled = value & MTRR_DEF_E;
		m->fixed_enabled = value & MTRR_DEF_FE;
		return 0;
	}
	return -ENOENT;
}

int mtrr_state_get(const struct mtrr_state *m, u32 msr, u64 *value)
{
	int fixed = mtrr_fixed_index(msr), i;
	u32 var = (msr - MSR_MTRRphysBase(0)) / 2;

	*value = 0;
	if (fixed >= 0) {
		for (i = 0; i < 8; i++)
			*value |= (u64)m->fixed[fixed * 8 + i] << 8 * i;
	} else if (msr >= MSR_MTRRphysBase(0) && var < m->nr_var) {
		*value = msr & 1 ? m->var[var].mask : m->var[var].base;
	} else if (msr == MSR_MTRRcap) {
		*value = m->nr_var | (m->have_fixed ? MTRR_CAP_FIX : 0);
	} else if (msr == MSR_MTRRdefType) {
		*value = m->def_type | (m->enabled ? MTRR_DEF_E : 0) |
			 (m->fixed_enabled ? MTRR_DEF_FE : 0);
	} else {
		return -ENOENT;
	}
	return 0;
}

static bool mtrr_var_valid(const struct mtrr_var_range *v)
{
	return v->mask & MTRR_MASK_VALID;
}

/* The mask with the address bits that the processor has not set. */
static u64 mtrr_var_mask(const struct mtrr_state *m,
			 const struct mtrr_var_range *v)
{
	u64 mask = v->mask & MTRR_ADDRESS;
	u32 bits = m->phys_bits;

	/* Not told: as many as the highest one that some mask has. */
	if (!bits || bits >= 64)
		bits = (u32)fls64(mask);
	return bits >= 64 ? mask : mask | ~0ULL << bits;
}

/* Bytes of a range whose mask has no holes; 0 for a mask of none. */
static u64 mtrr_var_size(const struct mtrr_state *m,
			 const struct mtrr_var_range *v)
{
	return v->mask & MTRR_ADDRESS ? -mtrr_var_mask(m, v) : 0;
}

void mtrr_state_fix(struct mtrr_state *m)
{
	u64 size;
	int i;

	for (i = 0; i < m->nr_var; i++) {
		if (!mtrr_var_valid(&m->var[i]))
			continue;
		size = mtrr_var_size(m, &m->var[i]);
		if (size && !(size & (size - 1)))
			continue;
		pr_warn("mtrr: variable range %d has a mask of 0x%016llx, which has holes: switched off\n",
			i, m->var[i].mask);
		m->var[i].mask &= ~(u64)MTRR_MASK_VALID;
	}
}

const char *mtrr_state_check(const struct mtrr_state *m)
{
	int i;

	if (m->nr_var > MTRR_MAX_VAR_RANGES)
		return "I1: more variable ranges than there is room for";
	if (!mtrr_type_valid(m->def_type))
		return "I2: the default type is none";
	for (i = 0; i < MTRR_NUM_FIXED_RANGES; i++)
		if (!mtrr_type_valid(m->fixed[i]))
			return "I2: a fixed range's type is none";
	for (i = 0; i < m->nr_var; i++)
		if (!mtrr_type_valid((u8)m->var[i].base))
			return "I2: a variable range's type is none";
	return NULL;
}

/* --- types --- */

/* Which fixed range @addr, below 1 MiB, is in. */
static u32 mtrr_fixed_range(u64 addr)
{
	if (addr < FIXED_16K_START)
		return (u32)(addr >> 16);
	if (addr < FIXED_4K_START)
		return 8 + (u32)((addr - FIXED_16K_START) >> 14);
	return 24 + (u32)((addr - FIXED_4K_START) >> 12);
}

static bool mtrr_fixed_on(const struct mtrr_state *m)
{
	return m->have_fixed && m->fixed_enabled;
}

/* What holds where both types are said. */
static u8 mtrr_combine(u8 a, u8 b)
{
	if (a == b)
		return a;
	if ((a == MTRR_TYPE_WRTHROUGH && b == MTRR_TYPE_WRBACK) ||
	    (a == MTRR_TYPE_WRBACK && b == MTRR_TYPE_WRTHROUGH))
		return MTRR_TYPE_WRTHROUGH;
	return MTRR_TYPE_UNCACHABLE;
}

u8 mtrr_state_type(const struct mtrr_state *m, u64 addr)
{
	u8 type = MTRR_TYPE_INVALID;
	const struct mtrr_var_range *v;
	u64 mask;

	if (!m->enabled)
		return MTRR_TYPE_INVALID;
	if (addr < FIXED_END && mtrr_fixed_on(m))
		return m->fixed[mtrr_fixed_range(addr)];
	for (v = m->var; v < m->var + m->nr_var; v++) {
		if (!mtrr_var_valid(v))
			continue;
		mask = mtrr_var_mask(m, v);
		if ((addr & mask) != (v->base & MTRR_ADDRESS & mask))
			continue;
		type = type == MTRR_TYPE_INVALID ? (u8)v->base :
			mtrr_combine(type, (u8)v->base);
	}
	return type == MTRR_TYPE_INVALID ? m->def_type : type;
}

u64 mtrr_state_next(const struct mtrr_state *m, u64 addr)
{
	const struct mtrr_var_range *v;
	u64 next = 0, start, size;

	if (addr < FIXED_END && mtrr_fixed_on(m))
		return (addr < FIXED_16K_START ? addr | 0xffff :
			addr < FIXED_4K_START ? addr | 0x3fff :
			addr | 0xfff) + 1;
	for (v = m->var; v < m->var + m->nr_var; v++) {
		if (!mtrr_var_valid(v))
			continue;
		size = mtrr_var_size(m, v);
		start = v->base & mtrr_var_mask(m, v) & MTRR_ADDRESS;
		if (start > addr)
			next = next ? min(next, start) : start;
		if (start + size > addr)
			next = next ? min(next, start + size) : start + size;
	}
	return next;
}

u8 mtrr_state_lookup(const struct mtrr_state *m, u64 start, u64 end,
		     bool *uniform)
{
	u8 type = mtrr_state_type(m, start), other;
	u64 at = start;

	*uniform = true;
	while ((at = mtrr_state_next(m, at)) != 0 && at < end) {
		other = mtrr_state_type(m, at);
		if (other == type)
			continue;
		*uniform = false;
		type = mtrr_combine(type, other);
	}
	return type;
}

u8 mtrr_type_lookup(u64 start, u64 end, u8 *uniform)
{
	bool same;
	u8 type = mtrr_state_lookup(&this_fw()->mtrr, start, end, &same);

	*uniform = same;
	return type;
}

/*
 * Rows: the MTRR's type; columns: the PAT's. As the manuals have it for all
 * processors since the Pentium III.
 */
u8 mtrr_pat_combine(u8 mtrr_type, u8 pat_type)
{
	enum { UC = MTRR_TYPE_UNCACHABLE, WC = MTRR_TYPE_WRCOMB,
	       WT = MTRR_TYPE_WRTHROUGH, WP = MTRR_TYPE_WRPROT,
	       WB = MTRR_TYPE_WRBACK, NO = MTRR_TYPE_INVALID };
	static const u8 table[MTRR_NUM_TYPES][8] = {
		/*       UC  WC  -   -   WT  WP  WB  UC- */
		[UC] = { UC, WC, NO, NO, UC, UC, UC, UC },
		[WC] = { UC, WC, NO, NO, UC, UC, WC, WC },
		[2]  = { NO, NO, NO, NO, NO, NO, NO, NO },
		[3]  = { NO, NO, NO, NO, NO, NO, NO, NO },
		[WT] = { UC, WC, NO, NO, WT, WP, WT, UC },
		[WP] = { UC, WC, NO, NO, WT, WP, WP, WC },
		[WB] = { UC, WC, NO, NO, WT, WP, WB, UC },
	};

	if (mtrr_type >= MTRR_NUM_TYPES || pat_type >= 8)
		return MTRR_TYPE_INVALID;
	return table[mtrr_type][pat_type];
}

/* --- RAM that is not write-back --- */

static bool mtrr_has_write_back(const struct mtrr_state *m)
{
	const struct mtrr_var_range *v;

	if (m->def_type == MTRR_TYPE_WRBACK)
		return true;
	for (v = m->var; v < m->var + m->nr_var; v++)
		if (mtrr_var_valid(v) && (u8)v->base == MTRR_TYPE_WRBACK)
			return true;
	return false;
}

/* The part of [start, end) from start on that has one type. */
static u64 mtrr_piece_end(const struct mtrr_state *m, u64 start, u64 end)
{
	u64 next = mtrr_state_next(m, start);

	return next ? min(next, end) : end;
}

u64 mtrr_state_trim(const struct mtrr_state *m, struct e820_table *t)
{
	u64 trimmed = 0, at, end, next;
	struct e820_entry e;
	u32 i;

	for (i = 0; i < t->nr_entries; i++) {
		e = t->entries[i];
		end = e.addr + e.size;
		if (e.type != E820_TYPE_RAM)
			continue;
		for (at = e.addr; at < end; at = next) {
			next = mtrr_piece_end(m, at, end);
			/* Below 1 MiB firmware caches as it likes. */
			if (at < FIXED_END ||
			    mtrr_state_type(m, at) == MTRR_TYPE_WRBACK)
				continue;
			trimmed += e820_table_update(t, at, next - at,
						     E820_TYPE_RAM,
						     E820_TYPE_RESERVED);
		}
	}
	return trimmed;
}

int __init mtrr_trim_uncached_memory(unsigned long end_pfn)
{
	struct x86_firmware *fw = this_fw();
	u64 trimmed;

	if (!fw->mtrr.enabled || fw->mtrr_trim_disabled)
		return 0;
	if (!mtrr_has_write_back(&fw->mtrr)) {
		pr_warn("WARNING: strange, CPU MTRRs all blank?\n");
		return 0;
	}
	trimmed = mtrr_state_trim(&fw->mtrr, &fw->e820);
	if (!trimmed)
		return 0;
	pr_warn("WARNING: BIOS bug: CPU MTRRs don't cover all of memory, losing %lluMB of RAM.\n",
		trimmed >> 20);
	pr_info("update e820 for mtrr\n");
	e820_table_sanitize(&fw->e820);
	e820__print_table("modified");
	return 1;
}

static int __init disable_mtrr_trim_setup(char *val)
{
	if (val)
		return option_malformed("disable_mtrr_trim", val,
					"takes no value");
	this_fw()->mtrr_trim_disabled = true;
	return 0;
}
early_param("disable_mtrr_trim", disable_mtrr_trim_setup);

int mtrr_proc_show(struct seq_file *s)
{
	const struct mtrr_state *m = &this_fw()->mtrr;
	u64 base, size;
	char factor;
	int i;

	for (i = 0; i < m->nr_var; i++) {
		const struct mtrr_var_range *v = &m->var[i];

		if (!mtrr_var_valid(v))
			continue;
		base = (v->base & MTRR_ADDRESS) >> PAGE_SHIFT;
		size = mtrr_var_size(m, v);
		factor = size < (1U << 20) ? 'K' : 'M';
		seq_printf(s, "reg%02i: base=0x%06llx000 (%5lluMB), size=%5llu%cB, count=%d: %s\n",
			   i, base, base >> (20 - PAGE_SHIFT),
			   size >> (factor == 'K' ? 10 : 20), factor, 1,
			   mtrr_attrib_to_str((u8)v->base));
	}
	return 0;
}
