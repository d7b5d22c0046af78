// SPDX-License-Identifier: MIT
/*
 * Zeroing pages where a word has 32 bits: 16 bytes at a time if the CPU can
 * (SSE), with a string instruction if not. A page takes 290 instructions, or
 * 1024 turns of the string's.
 *
 * Nothing else in the kernel uses the register that is zero. It is kept and
 * put back, so an interrupt that zeroes a page on top leaves it as it was; of
 * another thread that is not true, which zeroes between the two, nor of another
 * CPU's register: preemption is off, for a page at a time.
 *
 * Stores past the cache, as 64 bits have them, are no Pentium's, and machines
 * of 32 bits seldom zero a whole megabyte.
 */
#include <asm/clear_page.h>

#include <linux/preempt.h>
#include <linux/types.h>
#include <octavo/machine.h>
#include <octavo/this_machine.h>
#include <asm/msr.h>
#include <asm/page.h>

#define TURN	256	/* bytes of a turn: sixteen stores */

#define CPUID_1_EDX_SSE		(1U << 24 | 1U << 25)	/* its state, and it */

void clear_page_cpu_init(void)
{
	if ((cpuid(1).edx & CPUID_1_EDX_SSE) != CPUID_1_EDX_SSE)
		return;
	write_cr4(read_cr4() | X86_CR4_OSFXSR);
	this_arch()->port.sse = true;
}

static void clear_sse(char *p)
{
	const char *end = p + PAGE_SIZE;
	u8 kept[16];

	preempt_disable();
	__asm__ __volatile__("movups %%xmm0, %0\n\t"
			     "xorps %%xmm0, %%xmm0" : "=m" (kept));
	for (; p < end; p += TURN)
		__asm__ __volatile__(
			".set clear_at, 0\n\t"
			".rept 16\n\t"
			"movaps %%xmm0, clear_at(%0)\n\t"
			".set clear_at, clear_at + 16\n\t"
			".endr"
			: : "r" (p) : "memory");
	__asm__ __volatile__("movups %0, %%xmm0" : : "m" (kept));
	preempt_enable();
}

void clear_pages(void *addr, unsigned long nr)
{
	unsigned long n = nr * (PAGE_SIZE / sizeof(long));

	if (this_arch()->port.sse) {
		for (; nr; nr--, addr = (char *)addr + PAGE_SIZE)
			clear_sse(addr);
		return;
	}
	__asm__ __volatile__(__REP_STOS : "+D" (addr), "+c" (n)
			     : "a" (0UL) : "memory");
}

void clear_page(void *page)
{
	clear_pages(page, 1);
}
