// SPDX-License-Identifier: MIT
/*
 * Finding the firmware's ACPI tables.
 *
 *	RSDP ("RSD PTR ", in the EBDA, below 1 MiB, or told by the loader)
 *	 └─ XSDT (64-bit addresses) or RSDT (32-bit)
 *	     ├─ FACP ── DSDT, FACS
 *	     ├─ APIC (MADT), SRAT, SLIT: read by others
 *	     └─ ...: logged, and kept from being handed out
 *
 * A table is noted with its address and length; whoever wants one maps it for
 * a moment and has its checksum verified (acpi_table_parse()). On the host a
 * caller may give tables instead; then nothing is searched.
 *
 * Invariants of acpi_state:
 * I1  nr_tables <= ACPI_MAX_TABLES
 * I2  a noted table's length is at least its header's
 *
 * Failure: everything here was written by somebody else. What cannot be
 * mapped, is too short or adds up wrong gets one line with its name and is as
 * if it were not there.
 *
 * Differs from Linux: no ACPI interpreter, no overriding of tables.
 */
#include <asm/acpi.h>

#include <linux/errno.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/memblock.h>
#include <linux/string.h>
#include <octavo/this_machine.h>
#include <asm/early_ioremap.h>

/* Where the BIOS keeps the EBDA's segment, and where RSDPs may lie. */
#define EBDA_SEGMENT_PTR	0x40e
#define EBDA_SEARCH_SIZE	1024
#define BIOS_SEARCH_START	0xe0000
#define BIOS_SEARCH_SIZE	0x20000
#define RSDP_ALIGN		16
#define RSDP_V1_SIZE		20
/* The FACS has no checksum and a header of its own. */
#define FACS_MIN_SIZE		64
/*
 * A table's memory is never handed out, so a length that no table has must
 * not be believed: the largest DSDTs have about 1 MiB.
 */
#define ACPI_TABLE_MAX		(16U << 20)
/* Pointers in the FACP. */
#define FACP_FACS		36
#define FACP_DSDT		40
#define FACP_X_FACS		132
#define FACP_X_DSDT		140

static u8 acpi_checksum(const void *p, size_t len)
{
	const u8 *b = p;
	u8 sum = 0;

	while (len--)
		sum = (u8)(sum + *b++);
	return sum;
}

static bool acpi_is_facs(const char *signature)
{
	return !memcmp(signature, "FACS", 4);
}

bool acpi_table_sound(const void *table, size_t len, const char **reason)
{
	const struct acpi_table_header *h = table;

	if (len < sizeof(*h))
		*reason = "is shorter than a header";
	else if (h->length < sizeof(*h))
		*reason = "says it is shorter than its header";
	else if (h->length > len)
		*reason = "is longer than what there is of it";
	else if (!acpi_is_facs(h->signature) && acpi_checksum(h, h->length))
		*reason = "has a wrong checksum";
	else
		return true;
	return false;
}

/* Letters of a table's name; anything else shows as '?'. */
static void acpi_name(char *to, const char *from, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		to[i] = from[i] >= ' ' && from[i] <= '~' ? from[i] : '?';
	to[n] = '\0';
}

/* A name that NULs or blanks fill up, as Linux shows it. */
static void acpi_id(char *to, const char *from, size_t n)
{
	size_t len = strnlen(from, n);

	acpi_name(to, from, len);
	memset(to + len, ' ', n - len);
	to[n] = '\0';
}

static void acpi_log_table(phys_addr_t at,
				  const struct acpi_table_header *h)
{
	char name[5], oem[7], table[9], compiler[5];

	acpi_name(name, h->signature, 4);
	if (acpi_is_facs(h->signature)) {
		pr_info("ACPI: %s 0x%016llX %06X\n", name, (u64)at, h->length);
		return;
	}
	acpi_id(oem, h->oem_id, 6);
	acpi_id(table, h->oem_table_id, 8);
	acpi_id(compiler, h->asl_compiler_id, 4);
	pr_info("ACPI: %s 0x%016llX %06X (v%02d %s %s %08X %s %08X)\n", name,
		(u64)at, h->length, h->revision, oem, table, h->oem_revision,
		compiler, h->asl_compiler_revision);
}

static int acpi_note(phys_addr_t at, const void *given,
			    const struct acpi_table_header *h)
{
	struct acpi_state *a = &this_fw()->acpi;
	struct acpi_table_desc *d;
	char name[5];

	if (a->nr_tables == ACPI_MAX_TABLES) {
		acpi_name(name, h->signature, 4);
		pr_warn("ACPI: table %s at %#llx is one more than the %u there is room for: ignored\n",
			name, (u64)at, ACPI_MAX_TABLES);
		return -ENOSPC;
	}
	d = &a->tables[a->nr_tables++];
	memcpy(d->signature, h->signature, sizeof(d->signature));
	d->length = h->length;
	d->address = at;
	d->given = given;
	return 0;
}

int acpi_table_give(const void *table, size_t len)
{
	const struct acpi_table_header *h = table;
	const char *reason;
	char name[5] = "";

	if (!acpi_table_sound(table, len, &reason)) {
		if (len >= sizeof(h->signature))
			acpi_name(name, h->signature, 4);
		pr_warn("ACPI: given table %s of %zu bytes %s: ignored\n",
			name, len, reason);
		return -EINVAL;
	}
	acpi_log_table(0, h);
	return acpi_note(0, table, h);
}

/* Notes the table at @at. False when there is none. */
static bool __init acpi_add_table(phys_addr_t at)
{
	struct acpi_table_header h;
	void *p = at ? early_memremap(at, sizeof(h)) : NULL;
	char name[5];

	if (!p) {
		pr_warn("ACPI: table at %#llx cannot be read: ignored\n",
			(u64)at);
		return false;
	}
	memcpy(&h, p, sizeof(h));
	early_memunmap(p, sizeof(h));
	if (h.length < (acpi_is_facs(h.signature) ? FACS_MIN_SIZE
						  : sizeof(h)) ||
	    h.length > ACPI_TABLE_MAX ||
	    h.length - 1 > PHYS_ADDR_MAX - at) {
		acpi_name(name, h.signature, 4);
		pr_warn("ACPI: table %s at %#llx has a bad length of %u: ignored\n",
			name, (u64)at, h.length);
		return false;
	}
	acpi_log_table(at, &h);
	acpi_note(at, NULL, &h);
	return true;
}

static u64 acpi_read_address(const u8 *p, size_t width)
{
	u64 address = 0;

	memcpy(&address, p, width);
	return address;
}

/* The FACP's two pointers, each in an old and a new place. */
static void __init acpi_add_facp_tables(phys_addr_t at, u32 length)
{
	u64 dsdt = 0, facs = 0;
	u8 *p;

	if (length < FACP_DSDT + 4 || length > EARLY_MEMREMAP_MAX)
		return;
	p = early_memremap(at, length);
	if (!p)
		return;
	if (length >= FACP_X_DSDT + 8) {
		facs = acpi_read_address(p + FACP_X_FACS, 8);
		dsdt = acpi_read_address(p + FACP_X_DSDT, 8);
	}
	dsdt = dsdt ?: acpi_read_address(p + FACP_DSDT, 4);
	facs = facs ?: acpi_read_address(p + FACP_FACS, 4);
	early_memunmap(p, length);
	if (dsdt)
		acpi_add_table(dsdt);
	if (facs)
		acpi_add_table(facs);
}

/* The root table's entries, addresses of @width bytes. */
static void __init acpi_walk_root(const struct acpi_table_header *root,
				  size_t width)
{
	const u8 *entry = (const u8 *)(root + 1);
	const u8 *end = (const u8 *)root + root->length;
	struct acpi_state *a = &this_fw()->acpi;
	u32 nr;

	for (; end - entry >= (long)width; entry += width) {
		nr = a->nr_tables;
		if (!acpi_add_table(acpi_read_address(entry, width)) ||
		    a->nr_tables == nr)
			continue;
		if (!memcmp(a->tables[nr].signature, "FACP", 4))
			acpi_add_facp_tables(a->tables[nr].address,
					     a->tables[nr].length);
	}
}

/* Maps, checks and walks the RSDT or XSDT at @at. False: try another. */
static bool __init acpi_parse_root(phys_addr_t at, const char *signature,
				   size_t width)
{
	struct acpi_table_header *h = early_memremap(at, sizeof(*h));
	const char *reason = "cannot be read";
	bool ok = false;
	u32 length = 0;

	if (h) {
		length = h->length;
		reason = memcmp(h->signature, signature, 4) ?
			"has another signature" : "has a bad length";
		ok = !memcmp(h->signature, signature, 4) &&
		     length >= sizeof(*h) && length <= EARLY_MEMREMAP_MAX;
		early_memunmap(h, sizeof(*h));
	}
	h = ok ? early_memremap(at, length) : NULL;
	ok = h && acpi_table_sound(h, length, &reason);
	if (ok) {
		acpi_log_table(at, h);
		acpi_walk_root(h, width);
	} else {
		pr_warn("ACPI: %s at %#llx %s: ignored\n", signature, (u64)at,
			reason);
	}
	if (h)
		early_memunmap(h, length);
	return ok;
}

static bool __init acpi_rsdp_is_sound(const void *p, size_t len)
{
	const struct acpi_table_rsdp *r = p;

	if (len < RSDP_V1_SIZE || memcmp(r->signature, ACPI_SIG_RSDP, 8) ||
	    acpi_checksum(r, RSDP_V1_SIZE))
		return false;
	if (r->revision < 2)
		return true;
	return len >= sizeof(*r) && r->length >= sizeof(*r) &&
	       r->length <= len && !acpi_checksum(r, r->length);
}

/* The first sound RSDP in [start, start + size), 0 when there is none. */
static phys_addr_t __init acpi_scan_rsdp(phys_addr_t start, size_t size)
{
	u8 *p = early_memremap(start, size);
	phys_addr_t found = 0;
	size_t at;

	if (!p)
		return 0;
	for (at = 0; at + RSDP_V1_SIZE <= size && !found; at += RSDP_ALIGN)
		if (acpi_rsdp_is_sound(p + at, size - at))
			found = start + at;
	early_memunmap(p, size);
	return found;
}

static phys_addr_t __init acpi_find_rsdp(void)
{
	u16 *segment = early_memremap(EBDA_SEGMENT_PTR, sizeof(*segment));
	phys_addr_t ebda = 0, found = 0;

	if (segment) {
		ebda = (phys_addr_t)*segment << 4;
		early_memunmap(segment, sizeof(*segment));
	}
	/* Below 1 KiB are interrupt vectors: no EBDA was set up. */
	if (ebda >= 0x400)
		found = acpi_scan_rsdp(ebda, EBDA_SEARCH_SIZE);
	return found ?: acpi_scan_rsdp(BIOS_SEARCH_START, BIOS_SEARCH_SIZE);
}

/* Copies the RSDP at @at into @r, whole and checked. */
static bool __init acpi_read_rsdp(phys_addr_t at, struct acpi_table_rsdp *r)
{
	void *p = early_memremap(at, sizeof(*r));
	bool ok;

	if (!p)
		return false;
	memcpy(r, p, sizeof(*r));
	ok = acpi_rsdp_is_sound(p, sizeof(*r));
	early_memunmap(p, sizeof(*r));
	return ok;
}

void __init acpi_boot_table_init(phys_addr_t rsdp)
{
	struct acpi_state *a = &this_fw()->acpi;
	struct acpi_table_rsdp r;
	char oem[7];

	if (a->disabled || a->nr_tables)
		return;
	if (rsdp && !acpi_read_rsdp(rsdp, &r)) {
		pr_warn("ACPI: no RSDP at %#llx, where the loader says: searching\n",
			(u64)rsdp);
		rsdp = 0;
	}
	rsdp = rsdp ?: acpi_find_rsdp();
	if (!rsdp || !acpi_read_rsdp(rsdp, &r)) {
		pr_info("ACPI: no RSDP found\n");
		return;
	}
	a->rsdp = rsdp;
	acpi_id(oem, r.oem_id, 6);
	pr_info("ACPI: RSDP 0x%016llX %06X (v%02d %s)\n", (u64)rsdp,
		r.revision < 2 ? RSDP_V1_SIZE : r.length, r.revision, oem);
	if (r.revision >= 2 && r.xsdt_physical_address &&
	    acpi_parse_root(r.xsdt_physical_address, "XSDT", sizeof(u64)))
		return;
	if (r.rsdt_physical_address)
		acpi_parse_root(r.rsdt_physical_address, "RSDT", sizeof(u32));
}

void __init acpi_reserve_tables(void)
{
	const struct acpi_state *a = &this_fw()->acpi;
	const struct acpi_table_desc *d;
	char name[5];

	for (d = a->tables; d < a->tables + a->nr_tables; d++) {
		if (d->given)
			continue;
		acpi_name(name, d->signature, 4);
		pr_info("ACPI: Reserving %s table memory at [mem 0x%llx-0x%llx]\n",
			name, (u64)d->address,
			(u64)d->address + d->length - 1);
		memblock_reserve(d->address, d->length);
	}
}

static const struct acpi_table_desc *acpi_find(const char *sig)
{
	const struct acpi_state *a = &this_fw()->acpi;
	const struct acpi_table_desc *d;

	for (d = a->tables; d < a->tables + a->nr_tables; d++)
		if (!memcmp(d->signature, sig, 4))
			return d;
	return NULL;
}

int acpi_table_parse(const char *sig,
			    int (*fn)(const struct acpi_table_header *table))
{
	const struct acpi_table_desc *d = acpi_find(sig);
	const char *reason = "cannot be read";
	int ret = -EINVAL;
	void *p;

	if (!d)
		return -ENODEV;
	if (d->given)
		return fn(d->given);
	p = d->length <= EARLY_MEMREMAP_MAX ?
		early_memremap(d->address, d->length) : NULL;
	if (p && acpi_table_sound(p, d->length, &reason))
		ret = fn(p);
	else
		pr_warn("ACPI: %s at %#llx, %u bytes, %s: ignored\n", sig,
			(u64)d->address, d->length, reason);
	if (p)
		early_memunmap(p, d->length);
	return ret;
}

int acpi_table_walk(const struct acpi_table_header *table, u32 offset,
		    int (*fn)(const struct acpi_subtable_header *entry,
			      void *ctx), void *ctx)
{
	const u8 *base = (const u8 *)table;
	const struct acpi_subtable_header *entry;
	char name[5];
	u32 left;
	int nr = 0, err;

	for (; offset < table->length; offset += entry->length, nr++) {
		entry = (const void *)(base + offset);
		left = table->length - offset;
		if (left < sizeof(*entry) || entry->length < sizeof(*entry) ||
		    entry->length > left) {
			acpi_name(name, table->signature, 4);
			pr_warn("ACPI: %s: entry %d at offset %#x has a bad length: the table is cut there\n",
				name, nr, offset);
			return -EINVAL;
		}
		err = fn(entry, ctx);
		if (err)
			return err;
	}
	return nr;
}

static int acpi_parse_off(char *val)
{
	if (!val || strcmp(val, "off"))
		return option_malformed("acpi", val,
					"is not known, only off");
	this_fw()->acpi.disabled = true;
	return 0;
}
early_param("acpi", acpi_parse_off);
