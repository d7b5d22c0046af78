// SPDX-License-Identifier: MIT
/*
 * Which entry bits make which cache mode; the table stands in
 * asm/pgtable_types.h. Pure: linked into the host too.
 */
#include <linux/bug.h>
#include <linux/kernel.h>
#include <asm/pgtable_types.h>

/* Memory types as the PAT register encodes them. */
enum { PAT_UC = 0, PAT_WC = 1, PAT_WT = 4, PAT_WP = 5, PAT_WB = 6,
       PAT_UC_MINUS = 7 };

#define PAT_ENTRIES	8

static const u8 pat_type[PAT_ENTRIES] = {
	PAT_WB, PAT_WC, PAT_UC_MINUS, PAT_UC,
	PAT_WB, PAT_WP, PAT_UC_MINUS, PAT_WT,
};

/* Index of each mode, with a PAT and without. */
static const u8 mode_index[2][_PAGE_CACHE_MODE_NUM] = {
	[false] = {
		[_PAGE_CACHE_MODE_WB] = 0,
		[_PAGE_CACHE_MODE_WC] = 2,	/* UC-: an MTRR may make it WC */
		[_PAGE_CACHE_MODE_UC_MINUS] = 2,
		[_PAGE_CACHE_MODE_UC] = 3,
		[_PAGE_CACHE_MODE_WT] = 1,
		[_PAGE_CACHE_MODE_WP] = 2,
	},
	[true] = {
		[_PAGE_CACHE_MODE_WB] = 0,
		[_PAGE_CACHE_MODE_WC] = 1,
		[_PAGE_CACHE_MODE_UC_MINUS] = 2,
		[_PAGE_CACHE_MODE_UC] = 3,
		[_PAGE_CACHE_MODE_WT] = 7,
		[_PAGE_CACHE_MODE_WP] = 5,
	},
};

static const u8 index_mode[2][PAT_ENTRIES] = {
	/* Without a PAT the high bit is not looked at. */
	[false] = {
		_PAGE_CACHE_MODE_WB, _PAGE_CACHE_MODE_WT,
		_PAGE_CACHE_MODE_UC_MINUS, _PAGE_CACHE_MODE_UC,
		_PAGE_CACHE_MODE_WB, _PAGE_CACHE_MODE_WT,
		_PAGE_CACHE_MODE_UC_MINUS, _PAGE_CACHE_MODE_UC,
	},
	[true] = {
		_PAGE_CACHE_MODE_WB, _PAGE_CACHE_MODE_WC,
		_PAGE_CACHE_MODE_UC_MINUS, _PAGE_CACHE_MODE_UC,
		_PAGE_CACHE_MODE_WB, _PAGE_CACHE_MODE_WP,
		_PAGE_CACHE_MODE_UC_MINUS, _PAGE_CACHE_MODE_WT,
	},
};

pgprotval_t cachemode2protval(enum page_cache_mode mode, bool pat)
{
	unsigned int index;

	BUG_ON(mode >= _PAGE_CACHE_MODE_NUM);
	index = mode_index[pat][mode];
	return (index & 4 ? _PAGE_PAT : 0) | (index & 2 ? _PAGE_PCD : 0) |
	       (index & 1 ? _PAGE_PWT : 0);
}

enum page_cache_mode pgprot2cachemode(pgprot_t prot, bool pat)
{
	pgprotval_t v = pgprot_val(prot);
	unsigned int index = (v & _PAGE_PAT ? 4 : 0) |
			     (v & _PAGE_PCD ? 2 : 0) | (v & _PAGE_PWT ? 1 : 0);

	return (enum page_cache_mode)index_mode[pat][index];
}

u64 pat_msr_value(void)
{
	u64 v = 0;
	int i;

	for (i = 0; i < PAT_ENTRIES; i++)
		v |= (u64)pat_type[i] << (8 * i);
	return v;
}
