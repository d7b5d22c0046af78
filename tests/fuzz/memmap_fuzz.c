// SPDX-License-Identifier: MIT
/*
 * A firmware map and the user's word on it, both by an adversary. The input
 * is a count, so many entries of 20 bytes, then the values of memmap=, mem=
 * and numa=fake=, NUL between them. The table must hold together after each.
 */
#include <linux/string.h>
#include <octavo/this_machine.h>
#include <asm/e820/api.h>
#include <asm/numa.h>
#include <uapi/asm/bootparam.h>

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

static void check(void)
{
	if (e820_table_check(&this_fw()->e820))
		__builtin_trap();
}

static void options(char *text, const char *end)
{
	e820__parse_memmap_opt(text);
	check();
	text += strlen(text) + 1;
	if (text > end)
		return;
	e820__parse_mem_opt(text);
	check();
	text += strlen(text) + 1;
	if (text <= end)
		numa_emu_option(text);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	static struct boot_params bp;
	size_t n;
	char *text;

	if (!size--)
		return 0;
	memset(&bp, 0, sizeof(bp));
	memset(&this_fw()->e820, 0, sizeof(this_fw()->e820));
	bp.e820_entries = data[0];
	n = bp.e820_entries * sizeof(bp.e820_table[0]);
	n = n < sizeof(bp.e820_table) ? n : sizeof(bp.e820_table);
	n = n < size ? n : size;
	memcpy(bp.e820_table, data + 1, n);
	e820__memory_setup_default(&bp);
	check();
	size -= n;
	text = __builtin_malloc(size + 1);
	memcpy(text, data + 1 + n, size);
	text[size] = '\0';
	options(text, text + size);
	__builtin_free(text);
	return 0;
}
