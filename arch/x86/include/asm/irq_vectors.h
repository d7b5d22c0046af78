/* SPDX-License-Identifier: MIT */
/* Interrupt vectors; the higher, the more urgent. Linux's numbers. */
#ifndef _ASM_IRQ_VECTORS_H
#define _ASM_IRQ_VECTORS_H

#define FIRST_EXTERNAL_VECTOR		0x20
/* The 8259s are moved here, then masked: spurious ones end here. */
#define ISA_IRQ_VECTOR(irq)		(0x30 + (irq))
/* Messages of devices, asm/pci_host.h. */
#define MSI_VECTOR_FIRST		0x40
#define LOCAL_TIMER_VECTOR		0xec
#define TLB_FLUSH_VECTOR		0xf6
#define STOP_VECTOR			0xf8
#define CALL_FUNCTION_VECTOR		0xfb
#define RESCHEDULE_VECTOR		0xfd
#define ERROR_APIC_VECTOR		0xfe
#define SPURIOUS_APIC_VECTOR		0xff
#define NR_VECTORS			256

#endif
