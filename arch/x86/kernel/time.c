// SPDX-License-Identifier: MIT
/*
 * The clock: the time-stamp counter, whose rate is measured once against a
 * clock of known rate:
 *
 *   PIT       channel 2, 1.193182 MHz; the speaker's, always there on a PC
 *   PM timer  ACPI's, 3.579545 MHz, 24 or 32 bits; for PCs without a PIT
 *   HPET      its rate is in its registers
 *
 * Each is read as a counter that goes up and wraps at its mask, so that one
 * loop measures with any of them. The first that counts is used; ACPI's two
 * are known only when tables were found, so a machine without a PIT is
 * measured when the tick is started and has time 0 before.
 *
 * A CPU may state its rate (CPUID 0x15): then nothing is measured.
 *
 * ns = (tsc - start) * mult >> shift, shift as large as keeps mult in 32
 * bits: below 1 ns of error a second.
 */
#include <asm/time.h>

#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <octavo/machine.h>
#include <octavo/port.h>
#include <octavo/this_machine.h>
#include <asm/acpi.h>
#include <asm/fixmap.h>
#include <asm/io.h>
#include <asm/mapping.h>
#include <asm/msr.h>
#include <asm/processor.h>

#define PIT_HZ		1193182U
#define PIT_CH2		0x42
#define PIT_MODE	0x43
#define PIT_GATE	0x61	/* bit 0: channel 2 counts; bit 1: speaker */

#define PM_TIMER_HZ	3579545U

/* Emulators take 10 us to read a PIT: 0.1% of this. */
#define MEASURE_US	10000
/* A counter that stands still this long does not count: 2^24 reads. */
#define MEASURE_PATIENCE (1U << 24)

/* A clock of known rate. */
struct ref_clock {
	const char *name;
	u32 hz;
	u32 mask;
	u32 (*read)(void);	/* counts up, wraps at mask */
};

static struct x86_clock *clock(void)
{
	return &this_arch()->port.clock;
}

static void __init pit_start(void)
{
	outb((inb(PIT_GATE) & ~2) | 1, PIT_GATE);
	outb(0xb4, PIT_MODE);		/* channel 2, two bytes, mode 2 */
	outb(0, PIT_CH2);		/* from 65536 down */
	outb(0, PIT_CH2);
}

static u32 __init pit_read(void)
{
	u32 v;

	outb(0x80, PIT_MODE);		/* hold channel 2's count */
	v = inb(PIT_CH2);
	v |= (u32)inb(PIT_CH2) << 8;
	return ~v & 0xffff;
}

/* TSC ticks a millisecond by @ref; 0 when it does not count. */
static u32 __init tsc_measure(const struct ref_clock *ref)
{
	u32 want = ref->hz / 1000000 * MEASURE_US +
		   ref->hz % 1000000 * (MEASURE_US / 100) / 10000;
	u32 patience = MEASURE_PATIENCE, first = ref->read(), passed = 0;
	u64 t0 = rdtsc(), t1 = t0;

	while (passed < want && patience--) {
		passed = (ref->read() - first) & ref->mask;
		t1 = rdtsc();
		if (!passed && (t1 - t0) >> 34)
			return 0;
	}
	if (passed < want)
		return 0;
	return (u32)((t1 - t0) * (ref->hz / 100) / passed / 10);
}

/* Bytes of a FADT up to the PM timer's port, and of an HPET table. */
#define FADT_PM_TMR_BLK	76
#define FADT_FLAGS	112
#define FADT_TMR_VAL_EXT (1U << 8)	/* the PM timer has 32 bits */
#define HPET_ADDRESS	44
#define HPET_PERIOD	4		/* femtoseconds a count */
#define HPET_CONFIG	0x10
#define HPET_COUNTER	0xf0

/* What acpi_table_parse()'s callbacks find; nothing else is handed to them. */
static struct {
	u16 pm_port;
	u32 pm_mask;
	volatile u8 *hpet;
} acpi_clocks __initdata;

static u32 __init table_u32(const struct acpi_table_header *t, u32 offset)
{
	u32 v = 0;

	if (t->length >= offset + sizeof(v))
		memcpy(&v, (const u8 *)t + offset, sizeof(v));
	return v;
}

static int __init fadt_parse(const struct acpi_table_header *t)
{
	acpi_clocks.pm_port = (u16)table_u32(t, FADT_PM_TMR_BLK);
	acpi_clocks.pm_mask = table_u32(t, FADT_FLAGS) & FADT_TMR_VAL_EXT ?
			      ~0U : 0xffffff;
	return 0;
}

static int __init hpet_parse(const struct acpi_table_header *t)
{
	u32 address = table_u32(t, HPET_ADDRESS);

	if (address)
		acpi_clocks.hpet = (volatile u8 *)
			set_fixmap_offset_nocache(FIX_HPET_BASE, address);
	return 0;
}

static u32 __init pm_timer_read(void)
{
	return inl(acpi_clocks.pm_port);
}

static u32 __init hpet_read(void)
{
	return readl(acpi_clocks.hpet + HPET_COUNTER);
}

static u32 __init pm_timer_measure(void)
{
	struct ref_clock ref = { "PM timer", PM_TIMER_HZ, 0, pm_timer_read };

	if (acpi_table_parse("FACP", fadt_parse) || !acpi_clocks.pm_port)
		return 0;
	ref.mask = acpi_clocks.pm_mask;
	return tsc_measure(&ref);
}

static u32 __init hpet_measure(void)
{
	struct ref_clock ref = { "HPET", 0, ~0U, hpet_read };
	u32 period;

	if (acpi_table_parse("HPET", hpet_parse) || !acpi_clocks.hpet)
		return 0;
	period = readl(acpi_clocks.hpet + HPET_PERIOD);
	if (!period)
		return 0;
	ref.hz = (u32)(1000000000000000ULL / period);
	writel(readl(acpi_clocks.hpet + HPET_CONFIG) | 1,
	       acpi_clocks.hpet + HPET_CONFIG);
	return tsc_measure(&ref);
}

/* What the CPU says itself; 0 when it does not. */
static u32 __init cpuid_measure(void)
{
	struct cpuid_regs r = cpuid_or_zero(0x15, 0);

	if (!r.eax || !r.ebx || !r.ecx)
		return 0;
	return (u32)((u64)r.ecx * r.ebx / r.eax / 1000);
}

static u32 __init pit_measure(void)
{
	static const struct ref_clock ref __initconst = {
		"PIT", PIT_HZ, 0xffff, pit_read,
	};

	pit_start();
	return tsc_measure(&ref);
}

static void __init clock_set(u32 khz, const char *by)
{
	struct x86_clock *c = clock();
	u64 mult;

	for (c->shift = 32;; c->shift--) {
		mult = (1000000ULL << c->shift) / khz;
		if (mult <= ~0U)
			break;
	}
	c->mult = (u32)mult;
	/* Last: from here on port_clock_ns() uses what is above. */
	c->tsc_khz = khz;
	pr_info("tsc: Detected %u.%03u MHz processor by %s\n", khz / 1000,
		khz % 1000, by);
}

void __init tsc_init(void)
{
	u32 khz;

	if (clock()->tsc_khz)
		return;
	if (!clock()->tsc_start)
		clock()->tsc_start = rdtsc();
	if ((khz = cpuid_measure()))
		clock_set(khz, "CPUID");
	else if ((khz = pit_measure()))
		clock_set(khz, "PIT");
}

void __init tsc_init_late(void)
{
	u32 khz;

	if (clock()->tsc_khz)
		return;
	if ((khz = pm_timer_measure()))
		clock_set(khz, "PM timer");
	else if ((khz = hpet_measure()))
		clock_set(khz, "HPET");
	else
		panic("no clock to measure the time-stamp counter with");
}

u64 port_clock_ns(void)
{
	const struct x86_clock *c = clock();
	u64 t;

	if (!c->tsc_khz)
		return 0;
	t = rdtsc() - c->tsc_start;
	return (((t >> 32) * c->mult) << (32 - c->shift)) +
	       (((t & 0xffffffff) * c->mult) >> c->shift);
}

void x86_udelay(unsigned long us)
{
	u64 end = rdtsc() + (u64)us * clock()->tsc_khz / 1000;

	while ((s64)(rdtsc() - end) < 0)
		cpu_relax();
}
