/* SPDX-License-Identifier: MIT */
/*
 * The local interrupt controller of each CPU, in xAPIC form (registers in
 * memory, 8-bit ids) or x2APIC form (MSRs, 32-bit ids).
 */
#ifndef _ASM_APIC_H
#define _ASM_APIC_H

#include <linux/compiler.h>
#include <linux/types.h>

/* Offsets of registers; MSR_X2APIC + offset / 16 in x2APIC form. */
#define APIC_ID		0x020
#define APIC_TASKPRI	0x080
#define APIC_EOI	0x0b0
#define APIC_SPIV	0x0f0
#define APIC_ESR	0x280
#define APIC_ICR	0x300
#define APIC_ICR2	0x310
#define APIC_LVTT	0x320
#define APIC_LVTTHMR	0x330
#define APIC_LVTPC	0x340
#define APIC_LVT0	0x350
#define APIC_LVT1	0x360
#define APIC_LVTERR	0x370
#define APIC_TMICT	0x380
#define APIC_TMCCT	0x390
#define APIC_TDCR	0x3e0

#define APIC_SPIV_ENABLE	0x100
#define APIC_LVT_MASKED		0x10000
#define APIC_LVT_PERIODIC	0x20000
#define APIC_TDR_DIV_16		0x3

#define APIC_DM_FIXED		0x000
#define APIC_DM_NMI		0x400
#define APIC_DM_INIT		0x500
#define APIC_DM_STARTUP		0x600
#define APIC_INT_ASSERT		0x4000
#define APIC_ICR_BUSY		0x1000
#define APIC_DEST_ALLBUT	0xc0000

/*
 * Finds the controller, chooses its form, silences the 8259s. Booting CPU,
 * after init_mem_mapping(). Stops the machine when there is none.
 */
void apic_init(void);
/* Makes this CPU's controller accept interrupts. Each time it starts. */
void apic_setup_cpu(void);
/* Makes it accept none, and stops its tick. Interrupts are off. */
void apic_shutdown_cpu(void);
/* Starts this CPU's tick, HZ a second. The booting CPU measures first. */
void apic_timer_start(void);

u32 apic_read(u32 reg);
void apic_write(u32 reg, u32 v);
u32 apic_id_of_this_cpu(void);
void apic_eoi(void);
/* Sends @mode (APIC_DM_*) with @vector to one controller. Any context. */
void apic_send(u32 apicid, u32 mode, u8 vector);
void apic_send_ipi(unsigned int cpu, u8 vector);
void apic_send_allbutself(u32 mode, u8 vector);

/* This CPU is to stop for good, and does; interrupts are off: smpboot.c */
bool cpu_is_to_stop(void);
void __noreturn cpu_stop(void);

#endif
