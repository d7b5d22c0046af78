// SPDX-License-Identifier: MIT
/* What each CPU switches on for memory: protections and cache modes. */
#include <linux/bitops.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <octavo/machine.h>
#include <octavo/this_machine.h>
#include <asm/clear_page.h>
#include <asm/fixmap.h>
#include <asm/mapping.h>
#include <asm/memtype.h>
#include <asm/msr.h>
#include <asm/pgtable_types.h>
#include <asm/uaccess.h>

#define CPUID_1_EDX_PAT		(1U << 16)
#define CPUID_1_EDX_PSE36	(1U << 17)
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

/* Whether an entry may have that bit of an address; it faults where not. */
static bool phys_bit_is_there(unsigned int bit)
{
	bool there;
	u8 byte;

	set_fixmap_nocache(FIX_TEST, (phys_addr_t)1 << bit);
	there = !copy_from_kernel_nofault(&byte, (void *)fix_to_virt(FIX_TEST),
					  sizeof(byte));
	clear_fixmap(FIX_TEST);
	return there;
}

/*
 * Of those that the CPU has, as many as page tables can name. One that does
 * not tell has 36 if it has them for its large pages; a Pentium Pro has none
 * of those, but 36, and an emulator's may have 32: it is tried.
 */
static u8 phys_addr_bits(void)
{
	const u8 most = (u8)fls64(PTE_PFN_MASK);
	u8 bits = 32;

	if (cpuid(0x80000000).eax >= 0x80000008)
		bits = (u8)cpuid(0x80000008).eax;
	else if (cpuid(1).edx & CPUID_1_EDX_PSE36 ||
		 (most > bits && phys_bit_is_there(35)))
		bits = 36;
	return min(bits, most);
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
