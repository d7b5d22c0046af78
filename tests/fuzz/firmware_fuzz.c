// SPDX-License-Identifier: MIT
/*
 * What lies in memory when the kernel starts, written by an adversary: the
 * chain of setup_data, and from the RSDP to the tables.
 *
 * Bytes 0 and 1 of the input say where the chain starts, bytes 2 and 3 where
 * the loader says that the RSDP is (0: it is searched); the rest is memory
 * from FIRMWARE_START on, where the BIOS's RSDP is searched too. All that is
 * read must lie in the machine's memory; the map and memblock must hold
 * together afterwards, and no more tables are noted than fit.
 */
#include <linux/memblock.h>
#include <linux/string.h>
#include <octavo/machine.h>
#include <octavo/this_machine.h>
#include <asm/acpi.h>
#include <asm/e820/api.h>

#define FIRMWARE_START	0xe0000
#define FIRMWARE_SIZE	0x20000
#define RAM_END		(64ULL << 20)

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

static u64 address(const u8 *p)
{
	u64 at = p[0] | (u64)p[1] << 8;

	return at ? FIRMWARE_START + at : 0;
}

static void check(void)
{
	const struct acpi_state *a = &this_fw()->acpi;
	u32 i;

	if (e820_table_check(&this_fw()->e820) || memblock_check(&memblock) ||
	    a->nr_tables > ACPI_MAX_TABLES)
		__builtin_trap();
	for (i = 0; i < a->nr_tables; i++)
		if (a->tables[i].length < sizeof(struct acpi_table_header))
			__builtin_trap();
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	u8 *firmware = __va(FIRMWARE_START);
	u64 chain, rsdp;

	if (size < 4 || size - 4 > FIRMWARE_SIZE)
		return 0;
	chain = address(data);
	rsdp = address(data + 2);
	size -= 4;
	memcpy(firmware, data + 4, size);
	memset(firmware + size, 0, FIRMWARE_SIZE - size);

	memset(&this_fw()->e820, 0, sizeof(this_fw()->e820));
	memset(&this_fw()->acpi, 0, sizeof(this_fw()->acpi));
	memset(&memblock, 0, sizeof(memblock));
	e820_table_add(&this_fw()->e820, 0, RAM_END, E820_TYPE_RAM);
	memblock_add(0, RAM_END);
	e820__reserve_setup_data(chain);
	check();
	e820__memblock_reserve_setup_data(chain);
	check();
	acpi_boot_table_init(rsdp);
	acpi_reserve_tables();
	check();
	return 0;
}
