// SPDX-License-Identifier: MIT
/*
 * detect_memory(): how much memory there is, by the three ways a PC BIOS has
 * of telling.  All three are tried and stored; the kernel takes the first that
 * gave something:
 *
 *	method           where in boot_params      what it tells
 *	15h AX=E820      e820_table, e820_entries  every range with its type
 *	15h AX=E801      alt_mem_k                 KiB above 1 MiB, below 4 GiB
 *	15h AH=88h       screen_info.ext_mem_k     KiB above 1 MiB, up to 64 MiB
 *
 * `detect=` on the command line keeps only the methods it names, separated by
 * commas (`detect=e801`, `detect=e801,88`, `detect=none`); the fields of the
 * others stay zero, so that each method can be run on real firmware.
 *
 * Failure: a method that fails leaves its fields zero.  Ranges beyond the 128
 * that fit are counted in boot_params.scratch and one line says so.
 */
#include "boot.h"

#define SMAP	0x534d4150u	/* "SMAP": caller and BIOS show it to each other */

#define METHOD_E820	(1 << 0)
#define METHOD_E801	(1 << 1)
#define METHOD_88	(1 << 2)
#define METHOD_ALL	(METHOD_E820 | METHOD_E801 | METHOD_88)

/* E801 counts up to the hole at 16 MiB in KiB: at most 15 MiB. */
#define E801_LOW_KIB	(15 * 1024)

/*
 * A BIOS that never returns EBX = 0 would keep us here for ever: give up after
 * four times as many calls as there is room for.
 */
#define E820_MAX_CALLS	(4 * E820_MAX_ENTRIES_ZEROPAGE)

/* The BIOS writes one range here per call. */
struct boot_e820_entry e820_buffer;

static void detect_memory_e820(void)
{
	struct boot_params *bp = &boot_params;
	struct biosregs in, out;
	u32 count = 0;

	initregs(&in);
	in.edi = (u32)(size_t)&e820_buffer;
	do {
		in.eax = 0xe820;
		in.ecx = sizeof(e820_buffer);
		in.edx = SMAP;
		intcall(0x15, &in, &out);
		/* Some firmware ends its list with carry, not EBX = 0. */
		if (out.eflags & X86_EFLAGS_CF)
			break;
		/*
		 * Without the signature this was not an E820 BIOS, or it has
		 * lost its way: nothing it said so far can be trusted.
		 */
		if (out.eax != SMAP) {
			count = 0;
			break;
		}
		if (count < E820_MAX_ENTRIES_ZEROPAGE)
			bp->e820_table[count] = e820_buffer;
		count++;
		in.ebx = out.ebx;
	} while (in.ebx && count < E820_MAX_CALLS);

	bp->e820_entries = (u8)count;
	if (count > E820_MAX_ENTRIES_ZEROPAGE) {
		bp->e820_entries = E820_MAX_ENTRIES_ZEROPAGE;
		bp->scratch = count - E820_MAX_ENTRIES_ZEROPAGE;
	}
}

static void detect_memory_e801(void)
{
	struct biosregs in, out;
	u32 low_kib, high_64kib;

	initregs(&in);
	in.eax = 0xe801;
	intcall(0x15, &in, &out);
	if (out.eflags & X86_EFLAGS_CF)
		return;

	/* Some firmware answers in CX:DX, some in AX:BX, some in both. */
	low_kib = out.ecx & 0xffff;
	high_64kib = out.edx & 0xffff;
	if (!low_kib && !high_64kib) {
		low_kib = out.eax & 0xffff;
		high_64kib = out.ebx & 0xffff;
	}

	if (low_kib > E801_LOW_KIB)
		return;
	/* A hole below 16 MiB cannot be told in one number: stop before it. */
	if (low_kib < E801_LOW_KIB)
		boot_params.alt_mem_k = low_kib;
	else
		boot_params.alt_mem_k = low_kib + (high_64kib << 6);
}

static void detect_memory_88(void)
{
	struct biosregs in, out;

	initregs(&in);
	in.eax = 0x8800;
	intcall(0x15, &in, &out);
	if (!(out.eflags & X86_EFLAGS_CF))
		boot_params.screen_info.ext_mem_k = (u16)out.eax;
}

static int method_by_name(const char *name)
{
	if (!strcmp(name, "e820"))
		return METHOD_E820;
	if (!strcmp(name, "e801"))
		return METHOD_E801;
	if (!strcmp(name, "88"))
		return METHOD_88;
	return strcmp(name, "none") ? -1 : 0;
}

/* Which methods to use: all, or those that `detect=` names. */
static int methods_chosen(void)
{
	char value[32];
	char *word = value;
	char *at = value;
	int methods = 0, one;
	char end;

	if (cmdline_find_option("detect", value, sizeof(value)) < 0)
		return METHOD_ALL;
	do {
		while (*at && *at != ',')
			at++;
		end = *at;
		*at = '\0';
		one = method_by_name(word);
		if (one < 0) {
			puts("octavo-setup: detect=");
			puts(word);
			puts(": unknown method (e820, e801, 88, none): using all\n");
			return METHOD_ALL;
		}
		methods |= one;
		word = ++at;
	} while (end);
	return methods;
}

static void report(void)
{
	const struct boot_params *bp = &boot_params;

	puts("octavo-setup: E820 ");
	put_dec(bp->e820_entries);
	puts(" entries, E801 ");
	put_dec(bp->alt_mem_k);
	puts(" KiB, 88h ");
	put_dec(bp->screen_info.ext_mem_k);
	puts(" KiB\n");
	if (bp->scratch) {
		puts("octavo-setup: E820: ");
		put_dec(bp->scratch);
		puts(" entries beyond the 128 that fit are ignored\n");
	}
	if (!bp->e820_entries && !bp->alt_mem_k && !bp->screen_info.ext_mem_k) {
		puts("octavo-setup: no memory map: E820, E801 and 88h all failed\n");
		die();
	}
}

void detect_memory(void)
{
	int methods = methods_chosen();

	if (methods & METHOD_E820)
		detect_memory_e820();
	if (methods & METHOD_E801)
		detect_memory_e801();
	if (methods & METHOD_88)
		detect_memory_88();
	report();
}
