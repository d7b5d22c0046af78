// SPDX-License-Identifier: MIT
/*
 * The gates, one table for all CPUs: 256 interrupt gates, which turn
 * interrupts off, into the stubs of entry_64.S or entry_32.S. Segments, task
 * state and exception stacks are each CPU's own: segments_64.c, segments_32.c.
 */
#include <asm/desc.h>

#include <linux/types.h>
#include <asm/irq_vectors.h>

#define STUB_SIZE	16		/* of entry_64.S, entry_32.S */

extern const char entry_stubs[];

static struct idt_gate idt[NR_VECTORS] __aligned(16);

void idt_setup(void)
{
	unsigned int vector;

	for (vector = 0; vector < NR_VECTORS; vector++)
		idt_gate_set(&idt[vector], entry_stubs + vector * STUB_SIZE);
	idt_setup_special(idt);
}

void idt_load(void)
{
	struct desc_ptr p = { sizeof(idt) - 1, (unsigned long)idt };

	__asm__ __volatile__("lidt %0" : : "m" (p));
}
