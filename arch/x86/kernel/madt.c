// SPDX-License-Identifier: MIT
/*
 * Processors: what the MADT lists, and which numbers they get.
 *
 * CPU 0 is the one that boots; whoever knows its APIC id adds it first. The
 * others are numbered in the MADT's order. An entry that is enabled is
 * present; one that is only "online capable" may be plugged in later and
 * makes the machine have room for it (possible). A processor may stand in the
 * table as local APIC and as x2APIC; it counts once.
 *
 *	nr_cpus=N		no more than N CPUs exist at all
 *	possible_cpus=N		room for N, whatever the MADT says
 *	maxcpus=N		no more than N are started with the machine
 *	nosmp			one is
 *
 * Invariants of x86_cpus:
 * I1  nr <= NR_CPUS, and no APIC id stands twice in apicid[0, nr)
 * I2  after prefill_possible_map(): present is a subset of possible, possible
 *     is [0, nr_cpu_ids), and CPU 0 is in both
 *
 * Failure: a processor that does not fit is reported with its APIC id; it
 * sleeps on. Without a MADT the booting processor is alone.
 */
#include <asm/acpi.h>

#include <linux/cpu.h>
#include <linux/cpumask.h>
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <octavo/machine.h>
#include <octavo/this_machine.h>
#include <asm/x86_init.h>

#define MADT_ENTRIES		44	/* the first one's offset */
#define MADT_LOCAL_APIC		0
#define MADT_IO_APIC		1
#define MADT_LAPIC_OVERRIDE	5
#define MADT_LOCAL_X2APIC	9

#define MADT_ENABLED		(1U << 0)
#define MADT_ONLINE_CAPABLE	(1U << 1)

/* Ids that stand for all processors. */
#define XAPIC_BROADCAST		0xffU
#define X2APIC_BROADCAST	0xffffffffU

struct madt_table {
	struct acpi_table_header header;
	u32 address;		/* of the local APICs */
	u32 flags;
} __packed;
static_assert(sizeof(struct madt_table) == MADT_ENTRIES, "MADT");

struct madt_local_apic {
	struct acpi_subtable_header header;
	u8 processor_id;
	u8 apicid;
	u32 flags;		/* MADT_ENABLED, MADT_ONLINE_CAPABLE */
} __packed;

struct madt_io_apic {
	struct acpi_subtable_header header;
	u8 id;
	u8 reserved;
	u32 address;
	u32 gsi_base;
} __packed;

struct madt_lapic_override {
	struct acpi_subtable_header header;
	u16 reserved;
	u64 address;
} __packed;

struct madt_local_x2apic {
	struct acpi_subtable_header header;
	u16 reserved;
	u32 apicid;
	u32 flags;
	u32 uid;
} __packed;

static u32 x86_cpus_limit(const struct x86_cpus *c)
{
	return c->limit ? min_t(u32, c->limit, NR_CPUS) : NR_CPUS;
}

int x86_add_cpu(u32 apicid, bool enabled)
{
	struct x86_cpus *c = &this_fw()->cpus;
	u32 i;

	for (i = 0; i < c->nr; i++)
		if (c->apicid[i] == apicid)
			return -EEXIST;
	if (!enabled) {
		c->nr_disabled++;
		return 0;
	}
	if (c->nr >= x86_cpus_limit(c)) {
		c->nr_lost++;
		pr_warn("APIC: NR_CPUS/nr_cpus limit of %u reached. Processor %u/0x%x ignored.\n",
			x86_cpus_limit(c), c->nr + c->nr_lost - 1, apicid);
		return -ENOSPC;
	}
	c->apicid[c->nr] = apicid;
	return (int)c->nr++;
}

u32 cpu_to_apicid(unsigned int cpu)
{
	const struct x86_cpus *c = &this_fw()->cpus;

	BUG_ON(cpu >= c->nr);
	return c->apicid[cpu];
}

static void madt_processor(u32 apicid, u32 flags)
{
	if (flags & MADT_ENABLED)
		x86_add_cpu(apicid, true);
	else if (flags & MADT_ONLINE_CAPABLE)
		x86_add_cpu(apicid, false);
}

/* What the entries of one MADT share. */
struct madt_walk {
	const struct acpi_table_header *table;
	unsigned int nr_io;	/* I/O APICs met */
};

static int madt_entry(const struct acpi_subtable_header *e, void *ctx)
{
	const struct madt_local_x2apic *x2apic = (const void *)e;
	const struct madt_lapic_override *lapic = (const void *)e;
	const struct madt_local_apic *apic = (const void *)e;
	const struct madt_io_apic *io = (const void *)e;
	static const u8 sizes[] = {
		[MADT_LOCAL_APIC] = sizeof(*apic),
		[MADT_IO_APIC] = sizeof(*io),
		[MADT_LAPIC_OVERRIDE] = sizeof(*lapic),
		[MADT_LOCAL_X2APIC] = sizeof(*x2apic),
	};
	struct madt_walk *w = ctx;

	if (e->type < ARRAY_SIZE(sizes) && e->length < sizes[e->type]) {
		pr_warn("ACPI: MADT: entry at offset %#x of type %u has %u bytes, not %u: ignored\n",
			(u32)((const u8 *)e - (const u8 *)w->table), e->type, e->length, sizes[e->type]);
		return 0;
	}
	switch (e->type) {
	case MADT_LOCAL_APIC:
		if (apic->apicid != XAPIC_BROADCAST)
			madt_processor(apic->apicid, apic->flags);
		break;
	case MADT_IO_APIC:
		pr_info("IOAPIC[%u]: apic_id %u, address 0x%x, GSI base %u\n",
			w->nr_io++, io->id, io->address, io->gsi_base);
		break;
	case MADT_LAPIC_OVERRIDE:
		this_fw()->acpi.lapic_addr = lapic->address;
		break;
	case MADT_LOCAL_X2APIC:
		if (x2apic->apicid != X2APIC_BROADCAST)
			madt_processor(x2apic->apicid, x2apic->flags);
		break;
	}
	return 0;
}

int acpi_parse_madt(const struct acpi_table_header *table)
{
	const struct madt_table *madt = (const void *)table;
	struct madt_walk w = { .table = table };
	int ret;

	if (table->length < sizeof(*madt)) {
		pr_warn("ACPI: MADT has %u bytes, not even %zu: ignored\n",
			table->length, sizeof(*madt));
		return -EINVAL;
	}
	this_fw()->acpi.lapic_addr = madt->address;
	ret = acpi_table_walk(table, MADT_ENTRIES, madt_entry, &w);
	return ret < 0 ? ret : 0;
}

void __init acpi_boot_init(void)
{
	if (!acpi_table_parse(ACPI_SIG_MADT, acpi_parse_madt))
		pr_info("ACPI: Using ACPI (MADT) for SMP configuration information\n");
}

void __init prefill_possible_map(void)
{
	struct machine *m = this_machine();
	struct x86_cpus *c = &this_fw()->cpus;
	u32 possible, present, cpu;

	/* Nothing said who boots: it is the one that runs this. */
	if (!c->nr)
		c->apicid[c->nr++] = 0;
	possible = c->possible ?: c->nr + c->nr_disabled;
	possible = min(possible, x86_cpus_limit(c));
	if (c->nr > possible)
		pr_warn("smpboot: %u processors exceed possible_cpus= limit of %u\n",
			c->nr, possible);
	present = min(c->nr, possible);
	if (c->max_up_set)
		cpu_hotplug_set_max(max(c->max_up, 1U));
	cpumask_clear(&m->cpu_possible);
	cpumask_clear(&m->cpu_present);
	for (cpu = 0; cpu < possible; cpu++)
		cpumask_set_cpu(cpu, &m->cpu_possible);
	for (cpu = 0; cpu < present; cpu++)
		cpumask_set_cpu(cpu, &m->cpu_present);
	m->nr_cpus = possible;
	pr_info("smpboot: Allowing %u CPUs, %u hotplug CPUs\n", possible,
		possible > c->nr ? possible - c->nr : 0);
}

/* A count of at least @least; says what is wrong with another. */
static int cpus_option(const char *name, const char *val, u32 least, u32 *res)
{
	unsigned int n;

	if (!val || kstrtouint(val, 0, &n) || n < least)
		return option_malformed(name, val, least ?
					"is no number from 1 up" :
					"is no number from 0 up");
	if (n > NR_CPUS && least)
		pr_warn("%s=%s is more than there is room for: %d it is\n",
			name, val, NR_CPUS);
	*res = n;
	return 0;
}

static int nrcpus(char *val)
{
	return cpus_option("nr_cpus", val, 1, &this_fw()->cpus.limit);
}
early_param("nr_cpus", nrcpus);

static int setup_possible_cpus(char *val)
{
	return cpus_option("possible_cpus", val, 1,
			   &this_fw()->cpus.possible);
}
early_param("possible_cpus", setup_possible_cpus);

static int maxcpus(char *val)
{
	struct x86_cpus *c = &this_fw()->cpus;
	int err = cpus_option("maxcpus", val, 0, &c->max_up);

	if (!err)
		c->max_up_set = true;
	return err;
}
early_param("maxcpus", maxcpus);

static int nosmp(char *val)
{
	if (val)
		return option_malformed("nosmp", val, "takes no value");
	this_fw()->cpus.max_up = 0;
	this_fw()->cpus.max_up_set = true;
	return 0;
}
early_param("nosmp", nosmp);
