// SPDX-License-Identifier: MIT
/*
 * PVH and multiboot hand-over from memory that an adversary wrote.
 *
 * Byte 0 of the input chooses the loader, bytes 1 and 2 say where its
 * structure lies, the rest is all the memory there is. Nothing outside of it
 * may be read (the address sanitizer sees to that), and what comes out must
 * hold together.
 */
#include <linux/string.h>
#include <asm/boot_params.h>

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

/* Start info with its magic number in place, so that the rest is reached. */
static void pvh_magic(u8 *ram, size_t size, u64 at)
{
	const u32 magic = HVM_START_MAGIC;

	if (at + sizeof(magic) <= size)
		memcpy(ram + at, &magic, sizeof(magic));
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	static struct boot_params bp;
	struct boot_memory memory;
	const char *error;
	u64 at;
	u8 *ram;

	if (size < 3)
		return 0;
	at = data[1] | (u64)data[2] << 8;
	size -= 3;
	ram = __builtin_malloc(size ? size : 1);
	memcpy(ram, data + 3, size);
	memory = boot_buffer(ram, size);
	memset(&bp, 0, sizeof(bp));
	if (data[0] & 1) {
		pvh_magic(ram, size, at);
		error = boot_params_from_pvh(&bp, &memory, at);
	} else {
		error = boot_params_from_multiboot(&bp, &memory, at);
	}
	__builtin_free(ram);

	if (bp.e820_entries > E820_MAX_ENTRIES_ZEROPAGE ||
	    (bp.scratch && bp.e820_entries < E820_MAX_ENTRIES_ZEROPAGE) ||
	    bp.sentinel || (error && !*error))
		__builtin_trap();
	return 0;
}
