// SPDX-License-Identifier: MIT
/* What each CPU switches on for memory: protections and cache modes. */
#include <linux/bitops.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <octavo/machine.h>
#include <octavo/this_machine.h>
#include <asm/clear_page.h>
#include <asm/mapping.h>
#include <asm/memtype.h>
#include <asm/msr.h>
#include <asm/pgtable_types.h>

#define CPUID_1_EDX_PAE		(1U << 6)
#define CPUID_1_EDX_PAT		(1U << 16)
#define CPUID_7_EBX_SMEP	(1U << 7)
#define CPUID_7_EBX_SMAP	(1U << 20)
#define CPUID_7_ECX_UMIP	(1U << 2)

void cpu_protection_init(void)
{
	struct cpuid_regs r = cpuid_or_zero(7, 0);
	unsigned long cr4 = 0;

	if (r.ebx & CPUID_7_EBX_SMEP)
		cr4 |= X86_CR4_SMEP;
	if (r.ebx & CPUID_7_EBX_SMAP)
		cr4 |= X86_CR4_SMAP;
	if (r.ecx & CPUID_7_ECX_UMIP)
		cr4 |= X86_CR4_UMIP;
	clear_page_cpu_init();
	write_cr4(read_cr4() | cr4);
	write_cr0(read_cr0() | X86_CR0_WP);
	if (this_arch()->port.cr4_protect == cr4)
		return;
	this_arch()->port.cr4_protect = cr4;
	pr_info("x86/cpu: kernel protections: WP%s%s%s\n",
		cr4 & X86_CR4_SMEP ? " SMEP" : "",
		cr4 & X86_CR4_SMAP ? " SMAP" : "",
		cr4 & X86_CR4_UMIP ? " UMIP" : "");
}

/*
 * Of those that the CPU has, as many as page tables can name. One that does
 * not tell has what PAE gave, if it has that.
 */
static u8 phys_addr_bits(void)
{
	u8 bits = cpuid(1).edx & CPUID_1_EDX_PAE ? 36 : 32;

	if (cpuid(0x80000000).eax >= 0x80000008)
		bits = (u8)cpuid(0x80000008).eax;
	return min(bits, (u8)fls64(PTE_PFN_MASK));
}

void pat_init(void)
{
	struct memtype_state *s = memtype_state();

	if (!s->phys_bits)
		s->phys_bits = phys_addr_bits();
	if (s->off || !(cpuid(1).edx & CPUID_1_EDX_PAT))
		return;
	wrmsrq(MSR_PAT, pat_msr_value());
	if (s->pat)
		return;
	s->pat = true;
	pr_info("x86/PAT: Configuration [0-7]: WB  WC  UC- UC  WB  WP  UC- WT\n");
}
