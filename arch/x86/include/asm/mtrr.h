/* SPDX-License-Identifier: MIT */
/*
 * Memory type range registers: what caches may do with physical addresses.
 * The decoder works on a value; only arch/x86/kernel/mtrr_msr.c reads the
 * registers. Ends exclusive.
 */
#ifndef __KERNEL__	/* octavo/kernel.h */
#include_next <asm/mtrr.h>
#elif !defined(_OCTAVO_ASM_MTRR_H)
#define _OCTAVO_ASM_MTRR_H

#include <asm/e820/types.h>
#include <asm/mtrr_types.h>

struct seq_file;

/* Register numbers. */
#define MSR_MTRRcap		0x0fe
#define MSR_MTRRphysBase(n)	(0x200 + 2 * (n))
#define MSR_MTRRphysMask(n)	(0x201 + 2 * (n))
#define MSR_MTRRfix64K_00000	0x250
#define MSR_MTRRfix16K_80000	0x258
#define MSR_MTRRfix16K_A0000	0x259
#define MSR_MTRRfix4K_C0000	0x268	/* to 0x26f */
#define MSR_MTRRdefType		0x2ff
/* Fixed registers there are, in the order of addresses. */
#define MTRR_NUM_FIXED_REGS	(MTRR_NUM_FIXED_RANGES / 8)
extern const u16 mtrr_fixed_regs[MTRR_NUM_FIXED_REGS];

/*
 * One register into @m. 0, -ENOENT for a register that is not an MTRR,
 * -EINVAL for a value that the architecture does not allow (left out).
 */
int mtrr_state_set(struct mtrr_state *m, u32 msr, u64 value);
/* The register as @m has it; -ENOENT. */
int mtrr_state_get(const struct mtrr_state *m, u32 msr, u64 *value);
/* Logs each variable range that means nothing and switches it off. */
void mtrr_state_fix(struct mtrr_state *m);
/* Invariants: NULL, or what is wrong. */
const char *mtrr_state_check(const struct mtrr_state *m);

/* The type of the one byte at @addr. MTRR_TYPE_INVALID when MTRRs are off. */
u8 mtrr_state_type(const struct mtrr_state *m, u64 addr);
/*
 * The type that holds for all of [start, end), and whether every byte has
 * it; where types differ, the one that is safe for all of them.
 */
u8 mtrr_state_lookup(const struct mtrr_state *m, u64 start, u64 end,
		     bool *uniform);
/* The first address after @addr where the type may change; 0: none. */
u64 mtrr_state_next(const struct mtrr_state *m, u64 addr);
/* What a page's PAT type becomes under an MTRR's. */
u8 mtrr_pat_combine(u8 mtrr_type, u8 pat_type);
const char *mtrr_attrib_to_str(int type);

/* Linux's call: the same for the current machine. */
u8 mtrr_type_lookup(u64 start, u64 end, u8 *uniform);
/* Reads the booting CPU's registers (x86) or takes what was recorded. */
void mtrr_bp_init(void);
/* Gives this CPU the booting CPU's registers. x86 only. */
void mtrr_ap_init(void);
/*
 * RAM that caches may not hold in write-back mode leaves the current
 * machine's map. Returns 1 when some did, else 0 (Linux's return).
 */
int mtrr_trim_uncached_memory(unsigned long end_pfn);
/* The same on any table: bytes that left @t. */
u64 mtrr_state_trim(const struct mtrr_state *m, struct e820_table *t);

/* /proc/mtrr */
int mtrr_proc_show(struct seq_file *m);

/*
 * Registers as text, a line "MSR VALUE" each, both in hex with or without 0x
 * ("0x2ff: 0xc06" too, as rdmsr scripts print it); blank lines and lines that
 * start with # do not count. "phys_bits N" gives the width of an address.
 * Returns the number of bad lines, each told to @report.
 */
unsigned int mtrr_parse(struct mtrr_state *m, const char *text, size_t len,
			void (*report)(void *ctx, unsigned int line,
				       const char *text, size_t n,
				       const char *reason), void *ctx);

#endif
