// SPDX-License-Identifier: MIT
/*
 * SRAT, SLIT and MADT that an adversary wrote, past header and checksum. Byte
 * 0 of the input chooses the table, the rest is what follows the header. The
 * table ends where its memory does; what was learned must hold together.
 */
#include <linux/string.h>
#include <linux/topology.h>
#include <octavo/machine.h>
#include <octavo/this_machine.h>
#include <asm/acpi.h>
#include <asm/numa.h>

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

static u8 distances[MAX_NUMNODES * MAX_NUMNODES];

static void forget(void)
{
	struct machine *m = this_machine();

	memset(&this_fw()->numa, 0, sizeof(this_fw()->numa));
	memset(&this_fw()->cpus, 0, sizeof(this_fw()->cpus));
	memset(distances, REMOTE_DISTANCE, sizeof(distances));
	m->numa_distance = distances;
	m->numa_distance_cnt = MAX_NUMNODES;
}

static void parse(u8 kind, const struct acpi_table_header *table)
{
	struct numa_state *n = &this_fw()->numa;
	u32 i;

	switch (kind % 3) {
	case 0:
		if (!acpi_numa_parse_srat(table) &&
		    !numa_cleanup_meminfo(&n->meminfo, 1ULL << 44) &&
		    numa_meminfo_check(&n->meminfo))
			__builtin_trap();
		break;
	case 1:
		for (i = 0; i < MAX_NUMNODES; i++)
			acpi_map_pxm_to_node(i);
		acpi_numa_parse_slit(table);
		break;
	case 2:
		acpi_parse_madt(table);
		break;
	}
	if (n->nr_pxm > MAX_NUMNODES || n->nr_apicid > NR_CPUS ||
	    this_fw()->cpus.nr > NR_CPUS)
		__builtin_trap();
	for (i = 0; i < MAX_NUMNODES; i++)
		if (node_distance(i, i) != LOCAL_DISTANCE &&
		    node_distance(i, i) != REMOTE_DISTANCE)
			__builtin_trap();
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	static const char *const names[] = { "SRAT", "SLIT", "APIC" };
	struct acpi_table_header *table;

	if (!size--)
		return 0;
	table = __builtin_malloc(sizeof(*table) + size);
	memset(table, 0, sizeof(*table));
	memcpy(table->signature, names[data[0] % 3], 4);
	table->length = (u32)(sizeof(*table) + size);
	table->revision = data[0] >> 7 ? 1 : 2;
	memcpy(table + 1, data + 1, size);
	forget();
	parse(data[0], table);
	__builtin_free(table);
	this_machine()->numa_distance = NULL;
	this_machine()->numa_distance_cnt = 0;
	return 0;
}
