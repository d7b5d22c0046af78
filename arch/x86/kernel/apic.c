// SPDX-License-Identifier: MIT
/*
 * The local APIC: interrupts between CPUs, and each CPU's tick.
 *
 * Form. x2APIC (MSRs, 32-bit ids) when firmware left it on, or when the CPU
 * has it and an id needs more than 8 bits; else xAPIC, registers in memory.
 * All CPUs use the same form.
 *
 * Sending in xAPIC form takes two stores, high half first, and the second
 * sends; interrupts are off in between so that a handler's own IPI cannot
 * change the target. In x2APIC form it is one MSR write. That write does not
 * wait for earlier stores, which the receiver is to see: a fence is before it.
 *
 * The tick counts the timer's periods against the time-stamp counter once,
 * on the booting CPU; the others have the same bus and use its result.
 */
#include <asm/apic.h>

#include <linux/cpumask.h>
#include <linux/init.h>
#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/smp.h>
#include <octavo/machine.h>
#include <octavo/port.h>
#include <octavo/this_machine.h>
#include <asm/fixmap.h>
#include <asm/io.h>
#include <asm/irq_vectors.h>
#include <asm/mapping.h>
#include <asm/msr.h>
#include <asm/processor.h>
#include <asm/time.h>
#include <asm/x86_init.h>

#define CPUID_1_EDX_APIC	(1U << 9)
#define CPUID_1_EAX_FAMILY(eax)	((eax) >> 8 & 0xf)
/* Older ones, Pentiums, have no such register: on, and always there. */
#define APIC_BASE_FAMILY	6
#define APIC_BASE_DEFAULT	0xfee00000ULL
#define CPUID_1_ECX_X2APIC	(1U << 21)
#define APIC_BASE_ENABLE	(1ULL << 11)
#define APIC_BASE_EXTD		(1ULL << 10)
#define APIC_BASE_ADDRESS	0x000ffffffffff000ULL
/* The highest id that the 8-bit form can address; 255 is everyone. */
#define XAPIC_MAX_ID		254

#define PIC1_COMMAND	0x20
#define PIC1_DATA	0x21
#define PIC2_COMMAND	0xa0
#define PIC2_DATA	0xa1

/* Reading two counters may take 10 us in an emulator: an error of 0.1%. */
#define CALIBRATE_US	10000

static struct x86_port *port(void)
{
	return &this_arch()->port;
}

static bool has_apic_base(void)
{
	return CPUID_1_EAX_FAMILY(cpuid(1).eax) >= APIC_BASE_FAMILY;
}

static u64 apic_base(void)
{
	return has_apic_base() ? rdmsrq(MSR_APIC_BASE) :
				 APIC_BASE_DEFAULT | APIC_BASE_ENABLE;
}

u32 apic_read(u32 reg)
{
	if (port()->x2apic)
		return (u32)rdmsrq(MSR_X2APIC + reg / 16);
	return readl((const volatile u8 *)port()->apic + reg);
}

void apic_write(u32 reg, u32 v)
{
	if (port()->x2apic)
		wrmsrq(MSR_X2APIC + reg / 16, v);
	else
		writel(v, (volatile u8 *)port()->apic + reg);
}

u32 apic_id_of_this_cpu(void)
{
	u32 id = apic_read(APIC_ID);

	return port()->x2apic ? id : id >> 24;
}

void apic_eoi(void)
{
	apic_write(APIC_EOI, 0);
}

static void xapic_wait_idle(void)
{
	while (apic_read(APIC_ICR) & APIC_ICR_BUSY)
		cpu_relax();
}

static void apic_icr(u32 dest, u32 command)
{
	unsigned long flags;

	if (port()->x2apic) {
		/* Stores before the IPI are seen by who gets it. */
		__asm__ __volatile__("mfence; lfence" : : : "memory");
		wrmsrq(MSR_X2APIC + APIC_ICR / 16, (u64)dest << 32 | command);
		return;
	}
	local_irq_save(flags);
	xapic_wait_idle();
	apic_write(APIC_ICR2, dest << 24);
	apic_write(APIC_ICR, command);
	local_irq_restore(flags);
}

void apic_send(u32 apicid, u32 mode, u8 vector)
{
	apic_icr(apicid, mode | APIC_INT_ASSERT | vector);
}

/* Each CPU's controller; what the firmware said is for start-up alone. */
static DEFINE_PER_CPU(u32, cpu_apicid);

void apic_send_ipi(unsigned int cpu, u8 vector)
{
	apic_send(per_cpu(cpu_apicid, cpu), APIC_DM_FIXED, vector);
}

void apic_send_allbutself(u32 mode, u8 vector)
{
	apic_icr(0, APIC_DEST_ALLBUT | mode | APIC_INT_ASSERT | vector);
}

void port_send_reschedule(unsigned int cpu)
{
	apic_send_ipi(cpu, RESCHEDULE_VECTOR);
}

void port_send_call(unsigned int cpu)
{
	apic_send_ipi(cpu, CALL_FUNCTION_VECTOR);
}

/* What an interrupt does to the order of its CPU's accesses is enough. */
static void cpu_barrier_call(void *info)
{
	smp_mb();
}

void port_cpu_barrier(const struct cpumask *cpus)
{
	struct cpumask others;

	preempt_disable();
	cpumask_running(&others);
	cpumask_and(&others, &others, cpus);
	cpumask_clear_cpu(smp_processor_id(), &others);
	smp_mb();
	/* Calls want interrupts on, and boot's first CPU has them off. */
	if (!cpumask_empty(&others))
		smp_call_running(&others, cpu_barrier_call, NULL);
	preempt_enable();
}

/*
 * The 8259s start with vectors that belong to exceptions. They are moved to
 * vectors of their own, for what they may still raise, and masked.
 */
static void __init pic_silence(void)
{
	outb(0x11, PIC1_COMMAND);		/* initialise, 4 words */
	outb(0x11, PIC2_COMMAND);
	outb(ISA_IRQ_VECTOR(0), PIC1_DATA);	/* vectors */
	outb(ISA_IRQ_VECTOR(8), PIC2_DATA);
	outb(4, PIC1_DATA);			/* the second hangs on line 2 */
	outb(2, PIC2_DATA);
	outb(1, PIC1_DATA);			/* 8086 mode */
	outb(1, PIC2_DATA);
	outb(0xff, PIC1_DATA);			/* all masked */
	outb(0xff, PIC2_DATA);
}

static bool __init apic_wants_x2apic(u64 base)
{
	unsigned int cpu;

	if (base & APIC_BASE_EXTD)
		return true;
	if (!(cpuid(1).ecx & CPUID_1_ECX_X2APIC))
		return false;
	for_each_possible_cpu(cpu)
		if (cpu_to_apicid(cpu) > XAPIC_MAX_ID)
			return true;
	return false;
}

void __init apic_init(void)
{
	unsigned int cpu;
	u64 base;

	for_each_possible_cpu(cpu)
		per_cpu(cpu_apicid, cpu) = cpu_to_apicid(cpu);
	pic_silence();
	if (!(cpuid(1).edx & CPUID_1_EDX_APIC))
		panic("this CPU has no local APIC");
	base = apic_base();
	port()->x2apic = apic_wants_x2apic(base);
	if (!port()->x2apic)
		port()->apic = (volatile void *)set_fixmap_offset_nocache(
			FIX_APIC_BASE, base & APIC_BASE_ADDRESS);
	apic_setup_cpu();
	port()->apic_ready = true;
	pr_info("APIC: %s mode, CPU 0 has id %u\n",
		port()->x2apic ? "x2APIC" : "xAPIC", apic_id_of_this_cpu());
}

static void apic_enable(void)
{
	u64 base = apic_base() | APIC_BASE_ENABLE;

	if (!has_apic_base())
		return;
	/* From off to x2APIC there is no direct way. */
	wrmsrq(MSR_APIC_BASE, base);
	if (port()->x2apic)
		wrmsrq(MSR_APIC_BASE, base | APIC_BASE_EXTD);
}

void apic_setup_cpu(void)
{
	apic_enable();
	apic_write(APIC_TASKPRI, 0);
	apic_write(APIC_LVTT, APIC_LVT_MASKED);
	apic_write(APIC_LVT0, APIC_LVT_MASKED);
	apic_write(APIC_LVT1, raw_smp_processor_id() ? APIC_LVT_MASKED
						     : APIC_DM_NMI);
	apic_write(APIC_LVTERR, ERROR_APIC_VECTOR);
	apic_write(APIC_ESR, 0);
	apic_write(APIC_SPIV, APIC_SPIV_ENABLE | SPURIOUS_APIC_VECTOR);
	apic_eoi();
}

void apic_shutdown_cpu(void)
{
	apic_write(APIC_LVTT, APIC_LVT_MASKED);
	apic_write(APIC_TMICT, 0);
	apic_write(APIC_LVT1, APIC_LVT_MASKED);
	apic_write(APIC_SPIV, SPURIOUS_APIC_VECTOR);
}

/* Timer counts in 1/HZ seconds, divided by 16 from the bus clock. */
static u32 __init apic_timer_measure(void)
{
	u64 t0, t1;
	u32 left;

	apic_write(APIC_TDCR, APIC_TDR_DIV_16);
	apic_write(APIC_LVTT, APIC_LVT_MASKED);
	apic_write(APIC_TMICT, ~0U);
	t0 = port_clock_ns();
	x86_udelay(CALIBRATE_US);
	left = apic_read(APIC_TMCCT);
	t1 = port_clock_ns();
	apic_write(APIC_TMICT, 0);
	return (u32)((u64)(~0U - left) * TICK_NSEC / (t1 - t0));
}

void apic_timer_start(void)
{
	struct x86_clock *clock = &port()->clock;

	if (!clock->apic_per_tick) {
		clock->apic_per_tick = apic_timer_measure();
		if (!clock->apic_per_tick)
			panic("the local APIC's timer does not count");
		pr_info("APIC timer: %u kHz, %u counts a tick\n",
			clock->apic_per_tick / 1000 * HZ * 16,
			clock->apic_per_tick);
	}
	apic_write(APIC_TDCR, APIC_TDR_DIV_16);
	apic_write(APIC_LVTT, APIC_LVT_PERIODIC | LOCAL_TIMER_VECTOR);
	apic_write(APIC_TMICT, clock->apic_per_tick);
}
