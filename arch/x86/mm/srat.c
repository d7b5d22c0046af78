// SPDX-License-Identifier: MIT
/*
 * ACPI's word on nodes: the SRAT says which memory and which processors form
 * a proximity domain, the SLIT how far domains are from each other.
 *
 * Proximity domains are any 32-bit numbers; nodes are numbered from 0 in the
 * order in which the SRAT names the domains. The SLIT's rows are domains by
 * number, so a SLIT goes with domains 0, 1, 2, ...
 *
 * Failure: an entry that makes no sense gets one line with its offset. A bad
 * SRAT entry condemns the whole SRAT, since the rest would leave memory on a
 * wrong node: the machine then has one node. A bad SLIT is not used: all other
 * nodes are then equally far.
 *
 * Differs from Linux: a SLIT that is not symmetric is not used. ACPI asks for
 * it, and zonelists built from one-way distances surprise.
 */
#include <asm/acpi.h>

#include <linux/errno.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <octavo/this_machine.h>
#include <asm/numa.h>

#define SRAT_ENTRIES		48	/* the first one's offset */
#define SRAT_PROCESSOR		0
#define SRAT_MEMORY		1
#define SRAT_X2APIC		2

#define SRAT_ENABLED		(1U << 0)
#define SRAT_HOT_PLUGGABLE	(1U << 1)
#define SRAT_NON_VOLATILE	(1U << 2)

struct srat_processor {
	struct acpi_subtable_header header;
	u8 pxm_low;
	u8 apicid;
	u32 flags;		/* SRAT_ENABLED */
	u8 sapic_eid;
	u8 pxm_high[3];		/* from revision 2 on */
	u32 clock_domain;
} __packed;

struct srat_memory {
	struct acpi_subtable_header header;
	u32 pxm;		/* 8 bits before revision 2 */
	u16 reserved;
	u64 base;
	u64 length;
	u32 reserved1;
	u32 flags;		/* SRAT_* */
	u64 reserved2;
} __packed;

struct srat_x2apic {
	struct acpi_subtable_header header;
	u16 reserved;
	u32 pxm;
	u32 apicid;
	u32 flags;		/* SRAT_ENABLED */
	u32 clock_domain;
	u32 reserved1;
} __packed;

struct slit_table {
	struct acpi_table_header header;
	u64 count;		/* of domains: the matrix has its square */
	u8 entry[];		/* from [i * count + j] */
} __packed;

/* What the entries of one SRAT share. */
struct srat_walk {
	const struct acpi_table_header *table;
	unsigned int nr_memory;	/* ranges taken */
};

int pxm_to_node(u32 pxm)
{
	const struct numa_state *n = &this_fw()->numa;
	u32 i;

	for (i = 0; i < n->nr_pxm; i++)
		if (n->node_to_pxm[i] == pxm)
			return (int)i;
	return -1;
}

int acpi_map_pxm_to_node(u32 pxm)
{
	struct numa_state *n = &this_fw()->numa;
	int nid = pxm_to_node(pxm);

	if (nid >= 0)
		return nid;
	if (n->nr_pxm == MAX_NUMNODES)
		return -1;
	n->node_to_pxm[n->nr_pxm] = pxm;
	return (int)n->nr_pxm++;
}

static u32 srat_offset(const struct srat_walk *w, const void *entry)
{
	return (u32)((const u8 *)entry - (const u8 *)w->table);
}

/* The node of @pxm, or -ENOSPC after a line that names the entry. */
static int srat_node(const struct srat_walk *w, const void *entry, u32 pxm)
{
	int nid = acpi_map_pxm_to_node(pxm);

	if (nid >= 0) {
		node_set(nid, this_fw()->numa.nodes_parsed);
		return nid;
	}
	pr_err("SRAT: entry at offset %#x: proximity domain %u is one more than the %d nodes there is room for\n",
	       srat_offset(w, entry), pxm, MAX_NUMNODES);
	return -ENOSPC;
}

static int srat_place(const struct srat_walk *w, const void *entry, u32 pxm,
		      u32 apicid, int digits)
{
	int nid = srat_node(w, entry, pxm);

	if (nid < 0)
		return nid;
	set_apicid_to_node(apicid, nid);
	pr_info("SRAT: PXM %u -> APIC 0x%0*x -> Node %d\n", pxm, digits,
		apicid, nid);
	return 0;
}

static int srat_processor(const struct srat_walk *w,
			  const struct srat_processor *p)
{
	u32 pxm = p->pxm_low;

	if (!(p->flags & SRAT_ENABLED))
		return 0;
	if (w->table->revision >= 2)
		pxm |= (u32)p->pxm_high[0] << 8 | (u32)p->pxm_high[1] << 16 |
		       (u32)p->pxm_high[2] << 24;
	return srat_place(w, p, pxm, p->apicid, 2);
}

static int srat_x2apic(const struct srat_walk *w, const struct srat_x2apic *p)
{
	if (!(p->flags & SRAT_ENABLED))
		return 0;
	return srat_place(w, p, p->pxm, p->apicid, 4);
}

static int srat_memory(struct srat_walk *w, const struct srat_memory *mem)
{
	u32 pxm = w->table->revision < 2 ? mem->pxm & 0xff : mem->pxm;
	u64 start = mem->base, last;
	int nid;

	if (!(mem->flags & SRAT_ENABLED))
		return 0;
	if (!mem->length || mem->length > U64_MAX - start) {
		pr_err("SRAT: entry at offset %#x: memory at %#llx of %#llx bytes is no range\n",
		       srat_offset(w, mem), start, mem->length);
		return -EINVAL;
	}
	nid = srat_node(w, mem, pxm);
	if (nid < 0)
		return nid;
	last = start + mem->length - 1;
	if (numa_add_memblk(nid, start, last + 1))
		return -EINVAL;
	pr_info("ACPI: SRAT: Node %d PXM %u [mem 0x%08llx-0x%08llx]%s%s\n",
		nid, pxm, start, last,
		mem->flags & SRAT_HOT_PLUGGABLE ? " hotplug" : "",
		mem->flags & SRAT_NON_VOLATILE ? " non-volatile" : "");
	w->nr_memory++;
	return 0;
}

static int srat_entry(const struct acpi_subtable_header *e, void *ctx)
{
	static const u8 sizes[] = {
		[SRAT_PROCESSOR] = sizeof(struct srat_processor),
		[SRAT_MEMORY] = sizeof(struct srat_memory),
		[SRAT_X2APIC] = sizeof(struct srat_x2apic),
	};
	struct srat_walk *w = ctx;

	if (e->type >= ARRAY_SIZE(sizes))
		return 0;
	if (e->length < sizes[e->type]) {
		pr_err("SRAT: entry at offset %#x of type %u has %u bytes, not %u\n",
		       srat_offset(w, e), e->type, e->length, sizes[e->type]);
		return -EINVAL;
	}
	switch (e->type) {
	case SRAT_PROCESSOR:
		return srat_processor(w, (const void *)e);
	case SRAT_MEMORY:
		return srat_memory(w, (const void *)e);
	default:
		return srat_x2apic(w, (const void *)e);
	}
}

int acpi_numa_parse_srat(const struct acpi_table_header *table)
{
	struct srat_walk w = { .table = table };
	int ret;

	if (table->length < SRAT_ENTRIES) {
		pr_err("SRAT: table has %u bytes, not even %u\n",
		       table->length, SRAT_ENTRIES);
		return -EINVAL;
	}
	ret = acpi_table_walk(table, SRAT_ENTRIES, srat_entry, &w);
	if (ret < 0)
		return ret;
	if (!w.nr_memory) {
		pr_err("SRAT: no entry names any memory\n");
		return -ENODEV;
	}
	return 0;
}

/* NULL when the matrix can be used, else why not, with the place. */
static const char *slit_fault(const struct slit_table *slit, u64 *row,
				     u64 *column)
{
	u64 n = slit->count, i, j;

	for (i = 0; i < n; i++) {
		for (j = 0; j < n; j++) {
			u8 distance = slit->entry[i * n + j];

			*row = i;
			*column = j;
			if (i == j && distance != LOCAL_DISTANCE)
				return "a domain is not at distance 10 from itself";
			if (i != j && distance <= LOCAL_DISTANCE)
				return "another domain is no farther than the own";
			if (distance != slit->entry[j * n + i])
				return "it is not the same both ways";
		}
	}
	return NULL;
}

int acpi_numa_parse_slit(const struct acpi_table_header *table)
{
	const struct slit_table *slit = (const void *)table;
	const char *fault;
	int from, to;
	u64 i, j;

	/* 2^16 domains squared are more bytes than a length can say. */
	if (table->length < sizeof(*slit) || slit->count > U16_MAX ||
	    slit->count * slit->count > table->length - sizeof(*slit)) {
		pr_warn("SLIT: table of %u bytes is too short for its matrix. Not used.\n",
			table->length);
		return -EINVAL;
	}
	fault = slit_fault(slit, &i, &j);
	if (fault) {
		pr_warn("SLIT: table looks invalid: entry [%llu][%llu]: %s. Not used.\n",
			i, j, fault);
		return -EINVAL;
	}
	for (i = 0; i < slit->count; i++) {
		from = pxm_to_node((u32)i);
		for (j = 0; from >= 0 && j < slit->count; j++) {
			to = pxm_to_node((u32)j);
			if (to >= 0)
				numa_set_distance(from, to,
					slit->entry[i * slit->count + j]);
		}
	}
	return 0;
}

int x86_acpi_numa_init(void)
{
	int err = acpi_table_parse(ACPI_SIG_SRAT, acpi_numa_parse_srat);

	if (!err)
		acpi_table_parse(ACPI_SIG_SLIT, acpi_numa_parse_slit);
	return err;
}
