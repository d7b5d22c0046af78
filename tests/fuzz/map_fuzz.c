// SPDX-License-Identifier: MIT
/*
 * Memory maps and MTRRs as text that an adversary wrote. Byte 0 of the input
 * chooses the format, the rest is the text, in memory that ends where it
 * does. What comes out must hold together.
 */
#include <linux/string.h>
#include <asm/e820/api.h>
#include <asm/mtrr.h>

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

static void check_report(void *ctx, unsigned int line, const char *text,
			 size_t n, const char *reason)
{
	/* A line is there, has a number, lies in the text and has a reason. */
	if (!line || !reason || !*reason || memchr(text, '\n', n))
		__builtin_trap();
	++*(unsigned int *)ctx;
}

static void check_device(void *ctx, u64 start, u64 last, const char *name,
			 size_t n)
{
	(void)ctx;
	/* A range that is one, and a name on one line. */
	if (start > last || memchr(name, '\n', n))
		__builtin_trap();
}

static unsigned int parse(u8 kind, const char *text, size_t n,
			  unsigned int *nr_reports)
{
	static struct e820_table table;
	static struct mtrr_state mtrr;
	unsigned int nr_bad;
	bool uniform;

	memset(&table, 0, sizeof(table));
	memset(&mtrr, 0, sizeof(mtrr));
	if (kind % 3 == 2) {
		nr_bad = mtrr_parse(&mtrr, text, n, check_report, nr_reports);
		mtrr_state_lookup(&mtrr, 0, U64_MAX, &uniform);
		if (mtrr_state_check(&mtrr))
			__builtin_trap();
		return nr_bad;
	}
	iomem_devices(text, n, check_device, NULL);
	nr_bad = kind % 3 ?
		iomem_parse(&table, text, n, check_report, nr_reports) :
		e820_parse_dmesg(&table, text, n, check_report, nr_reports);
	if (e820_table_check(&table))
		__builtin_trap();
	return nr_bad;
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	unsigned int nr_reports = 0;
	char *text;

	if (!size--)
		return 0;
	text = __builtin_malloc(size ? size : 1);
	memcpy(text, data + 1, size);
	if (parse(data[0], text, size, &nr_reports) != nr_reports)
		__builtin_trap();
	__builtin_free(text);
	return 0;
}
