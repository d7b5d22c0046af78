// SPDX-License-Identifier: MIT
/*
 * The MTRRs of this processor: read from the booting one, written to the
 * others.
 *
 * Manuals ask that all processors have the same. Firmware that forgot some is
 * put right when they start, with caches off and empty while the registers
 * change, so that no line is cached under a type it no longer has:
 *
 *	caches off, write back, TLB flush, MTRRs off, write, MTRRs on, flush,
 *	caches on
 *
 * Interrupts are off throughout.
 */
#include <asm/mtrr.h>

#include <linux/init.h>
#include <linux/kernel.h>
#include <octavo/this_machine.h>
#include <asm/msr.h>
#include <asm/x86_init.h>

#define CPUID_MTRR	(1U << 12)	/* leaf 1, EDX */
#define CR0_CD		(1UL << 30)
#define CR0_NW		(1UL << 29)
#define MTRR_DEF_ENABLES	((1ULL << 10) | (1ULL << 11))

static bool cpu_has_mtrr(void)
{
	return cpuid(1).edx & CPUID_MTRR;
}

static void __init mtrr_read(struct mtrr_state *m, u32 msr)
{
	u64 value = rdmsrq(msr);

	if (mtrr_state_set(m, msr, value))
		pr_warn("mtrr: register %#x has the value %#llx, which is not allowed: ignored\n",
			msr, value);
}

void __init mtrr_bp_init(void)
{
	struct mtrr_state *m = &this_fw()->mtrr;
	int i;

	if (!cpu_has_mtrr()) {
		pr_info("mtrr: the processor has none\n");
		return;
	}
	if (cpuid(0x80000000).eax >= 0x80000008)
		m->phys_bits = (u8)cpuid(0x80000008).eax;
	mtrr_read(m, MSR_MTRRcap);
	for (i = 0; i < m->nr_var; i++) {
		mtrr_read(m, MSR_MTRRphysBase(i));
		mtrr_read(m, MSR_MTRRphysMask(i));
	}
	for (i = 0; m->have_fixed && i < MTRR_NUM_FIXED_REGS; i++)
		mtrr_read(m, mtrr_fixed_regs[i]);
	mtrr_read(m, MSR_MTRRdefType);
	mtrr_state_fix(m);
	pr_info("MTRR default type: %s, %s, fixed ranges %s, %u variable ranges\n",
		mtrr_attrib_to_str(m->def_type),
		m->enabled ? "enabled" : "disabled",
		m->fixed_enabled ? "enabled" : "disabled", m->nr_var);
}

/* Does this processor have a register with another value than @m says? */
static bool mtrr_differs(const struct mtrr_state *m, u32 msr)
{
	u64 value;

	return !mtrr_state_get(m, msr, &value) && rdmsrq(msr) != value;
}

static bool mtrr_cpu_differs(const struct mtrr_state *m)
{
	bool differs = mtrr_differs(m, MSR_MTRRdefType);
	int i;

	for (i = 0; i < m->nr_var; i++)
		differs |= mtrr_differs(m, MSR_MTRRphysBase(i)) ||
			   mtrr_differs(m, MSR_MTRRphysMask(i));
	for (i = 0; m->have_fixed && i < MTRR_NUM_FIXED_REGS; i++)
		differs |= mtrr_differs(m, mtrr_fixed_regs[i]);
	return differs;
}

static void mtrr_write(const struct mtrr_state *m, u32 msr)
{
	u64 value;

	if (!mtrr_state_get(m, msr, &value))
		wrmsrq(msr, value);
}

static void mtrr_write_all(const struct mtrr_state *m)
{
	int i;

	for (i = 0; m->have_fixed && i < MTRR_NUM_FIXED_REGS; i++)
		mtrr_write(m, mtrr_fixed_regs[i]);
	for (i = 0; i < m->nr_var; i++) {
		mtrr_write(m, MSR_MTRRphysBase(i));
		mtrr_write(m, MSR_MTRRphysMask(i));
	}
}

static inline void wbinvd(void)
{
	__asm__ __volatile__("wbinvd" : : : "memory");
}

/* Forgets all translations, global ones too. */
static void flush_tlb_here(void)
{
	unsigned long cr4 = read_cr4();

	write_cr4(cr4 & ~(1UL << 7));
	write_cr3(read_cr3());
	write_cr4(cr4);
}

void mtrr_ap_init(void)
{
	const struct mtrr_state *m = &this_fw()->mtrr;
	unsigned long cr0 = read_cr0();
	u64 def;

	if (!cpu_has_mtrr() || !mtrr_cpu_differs(m))
		return;
	write_cr0((cr0 | CR0_CD) & ~CR0_NW);
	wbinvd();
	flush_tlb_here();
	def = rdmsrq(MSR_MTRRdefType);
	wrmsrq(MSR_MTRRdefType, def & ~MTRR_DEF_ENABLES);
	mtrr_write_all(m);
	mtrr_write(m, MSR_MTRRdefType);
	flush_tlb_here();
	wbinvd();
	write_cr0(cr0);
}
