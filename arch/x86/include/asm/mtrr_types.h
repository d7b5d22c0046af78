/* SPDX-License-Identifier: MIT */
#ifndef _ASM_MTRR_TYPES_H
#define _ASM_MTRR_TYPES_H

#include <linux/types.h>

/* Memory types, as MTRRs, PAT and page tables encode them. */
#define MTRR_TYPE_UNCACHABLE	0
#define MTRR_TYPE_WRCOMB	1
#define MTRR_TYPE_WRTHROUGH	4
#define MTRR_TYPE_WRPROT	5
#define MTRR_TYPE_WRBACK	6
#define MTRR_NUM_TYPES		7
#define PAT_TYPE_UC_MINUS	7	/* in PAT entries only */
#define MTRR_TYPE_INVALID	0xff	/* no answer: MTRRs are off */

/* One eighth of a 64-bit register each: 64K, 16K, then 4K pieces. */
#define MTRR_NUM_FIXED_RANGES	88
#define MTRR_MAX_VAR_RANGES	32	/* MTRRcap has up to 10 in practice */

/* The two registers of a variable range, as they are. */
struct mtrr_var_range {
	u64 base;		/* type in bits 0-7, address from bit 12 */
	u64 mask;		/* bit 11 valid, address mask from bit 12 */
};

/* A processor's MTRRs. b: boot only, constant after it. */
struct mtrr_state {
	struct mtrr_var_range var[MTRR_MAX_VAR_RANGES];	/* b */
	u8 fixed[MTRR_NUM_FIXED_RANGES];	/* b: types, by address */
	u8 nr_var;		/* b: variable ranges there are */
	u8 def_type;		/* b: where no range is */
	u8 phys_bits;		/* b: width of an address; 0: not known */
	bool have_fixed;	/* b: there are fixed ranges */
	bool enabled;		/* b: MTRRs are on at all */
	bool fixed_enabled;	/* b: fixed ranges are */
};

#endif
