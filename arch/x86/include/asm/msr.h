/* SPDX-License-Identifier: MIT */
/* Model-specific registers, control registers, CPUID, time stamps. */
#ifndef __KERNEL__	/* octavo/kernel.h */
#include_next <asm/msr.h>
#elif !defined(_OCTAVO_ASM_MSR_H)
#define _OCTAVO_ASM_MSR_H

#include <linux/types.h>

#define MSR_APIC_BASE		0x0000001b
#define MSR_PAT			0x00000277
#define MSR_X2APIC		0x00000800
#define MSR_EFER		0xc0000080
#define MSR_FS_BASE		0xc0000100
#define MSR_GS_BASE		0xc0000101

#define EFER_LMA		(1ULL << 10)	/* set by the CPU */
#define EFER_NX			(1ULL << 11)
/* CPUs with one of what EFER turns on have it: CPUID 0x80000001, EDX. */
#define CPUID_EXT_EDX_EFER	(1U << 11 | 1U << 20 | 1U << 29)

#define X86_CR0_WP		(1UL << 16)
#define X86_CR4_PSE		(1UL << 4)
#define X86_CR4_PGE		(1UL << 7)
#define X86_CR4_OSFXSR		(1UL << 9)
#define X86_CR4_UMIP		(1UL << 11)
#define X86_CR4_SMEP		(1UL << 20)
#define X86_CR4_SMAP		(1UL << 21)

static inline u64 rdmsrq(u32 msr)
{
	u32 lo, hi;

	__asm__ __volatile__("rdmsr" : "=a" (lo), "=d" (hi) : "c" (msr));
	return (u64)hi << 32 | lo;
}

static inline void wrmsrq(u32 msr, u64 v)
{
	__asm__ __volatile__("wrmsr" : : "c" (msr), "a" ((u32)v),
			     "d" ((u32)(v >> 32)) : "memory");
}

static inline u64 rdtsc(void)
{
	u32 lo, hi;

	__asm__ __volatile__("rdtsc" : "=a" (lo), "=d" (hi));
	return (u64)hi << 32 | lo;
}

#define __X86_CR(nr)							\
static inline unsigned long read_cr##nr(void)				\
{									\
	unsigned long v;						\
									\
	__asm__ __volatile__("mov %%cr" #nr ", %0"			\
			     : "=r" (v) : : "memory");			\
	return v;							\
}									\
static inline void write_cr##nr(unsigned long v)			\
{									\
	__asm__ __volatile__("mov %0, %%cr" #nr				\
			     : : "r" (v) : "memory");			\
}
__X86_CR(0)
__X86_CR(2)
__X86_CR(3)
__X86_CR(4)

struct cpuid_regs {
	u32 eax, ebx, ecx, edx;
};

static inline struct cpuid_regs cpuid_count(u32 leaf, u32 sub)
{
	struct cpuid_regs r;

	__asm__ __volatile__("cpuid"
			     : "=a" (r.eax), "=b" (r.ebx), "=c" (r.ecx),
			       "=d" (r.edx)
			     : "a" (leaf), "c" (sub));
	return r;
}

static inline struct cpuid_regs cpuid(u32 leaf)
{
	return cpuid_count(leaf, 0);
}

/* CPUID of @leaf, all zero when the CPU does not go that far. */
static inline struct cpuid_regs cpuid_or_zero(u32 leaf, u32 sub)
{
	struct cpuid_regs none = { 0, 0, 0, 0 };

	if (cpuid(leaf & 0xffff0000u).eax < leaf)
		return none;
	return cpuid_count(leaf, sub);
}

/* EFER; 0 when the CPU has none. */
static inline u64 read_efer(void)
{
	return cpuid_or_zero(0x80000001, 0).edx & CPUID_EXT_EDX_EFER ?
	       rdmsrq(MSR_EFER) : 0;
}

/* Drops the translation of the page at @addr on this CPU, global or not. */
static inline void invlpg(unsigned long addr)
{
	__asm__ __volatile__("invlpg (%0)" : : "r" (addr) : "memory");
}

#endif
