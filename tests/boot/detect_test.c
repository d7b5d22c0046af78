// SPDX-License-Identifier: MIT
/*
 * detect_memory() against a BIOS made of tables.
 *
 * arch/x86/boot/memory.c is compiled for the host and linked with the intcall()
 * below, which answers int 0x15 the way good and bad firmware does.  Real
 * firmware is the boot matrix's business; what QEMU's never does is tried here:
 * lost signatures, carry at the end, more ranges than fit, a list without end.
 */
#include "boot.h"

int printf(const char *format, ...);
void *memcpy(void *to, const void *from, size_t n);
char *strstr(const char *text, const char *part);

#define SMAP		0x534d4150u
#define FOREVER		0xffffffffu

/* What the BIOS under test says. */
static struct {
	u32 ranges;		/* E820 entries; FOREVER: EBX is never 0 */
	u32 carry_at;		/* E820 call that returns carry, 0: none */
	u32 forget_at;		/* E820 call without signature, 0: none */
	u32 e801_ax, e801_bx, e801_cx, e801_dx;
	bool e801_carry;
	u32 ah88_ax;
	bool ah88_carry;
	const char *detect;	/* value of detect=, NULL: not given */

	u32 calls;		/* E820 calls so far */
} bios;

struct boot_params boot_params;
extern struct boot_e820_entry e820_buffer;

/* What puts() and put_dec() wrote. */
static char text[512];
static size_t text_length;

static bool died;
static void *death[5];

void puts(const char *s)
{
	while (*s && text_length < sizeof(text) - 1)
		text[text_length++] = *s++;
	text[text_length] = '\0';
}

void put_dec(u32 value)
{
	char digits[2] = { (char)('0' + value % 10), 0 };

	if (value >= 10)
		put_dec(value / 10);
	puts(digits);
}

void die(void)
{
	died = true;
	__builtin_longjmp(death, 1);
}

void initregs(struct biosregs *regs)
{
	__builtin_memset(regs, 0, sizeof(*regs));
	regs->eflags = X86_EFLAGS_CF;
}

int cmdline_find_option(const char *name, char *buffer, int size)
{
	int n = 0;

	(void)name;
	if (!bios.detect)
		return -1;
	for (; bios.detect[n]; n++)
		if (n < size - 1)
			buffer[n] = bios.detect[n];
	buffer[n < size ? n : size - 1] = '\0';
	return n;
}

static void bios_e820(const struct biosregs *in, struct biosregs *out)
{
	u32 call = ++bios.calls;

	out->eflags &= ~X86_EFLAGS_CF;
	out->eax = in->edx == SMAP ? SMAP : 0;
	if (call == bios.carry_at || !bios.ranges) {
		out->eflags |= X86_EFLAGS_CF;
		return;
	}
	if (call == bios.forget_at) {
		out->eax = 0;
		return;
	}
	e820_buffer.addr = (u64)in->ebx << 20;
	e820_buffer.size = 1 << 20;
	e820_buffer.type = 1 + in->ebx % 2;
	out->ebx = in->ebx + 1;
	if (out->ebx == bios.ranges)
		out->ebx = 0;
}

void intcall(u8 nr, const struct biosregs *in, struct biosregs *out)
{
	*out = *in;
	if (nr != 0x15)
		return;
	switch (in->eax) {
	case 0xe820:
		bios_e820(in, out);
		break;
	case 0xe801:
		out->eax = bios.e801_ax;
		out->ebx = bios.e801_bx;
		out->ecx = bios.e801_cx;
		out->edx = bios.e801_dx;
		out->eflags = bios.e801_carry;
		break;
	case 0x8800:
		out->eax = bios.ah88_ax;
		out->eflags = bios.ah88_carry;
		break;
	}
}

static int count, failed;

static void point(bool good, const char *name)
{
	count++;
	failed += !good;
	printf("%sok %d - %s\n", good ? "" : "not ", count, name);
	if (!good)
		printf("# e820 %u lost %u e801 %u 88h %u text: %s\n",
		       boot_params.e820_entries, boot_params.scratch,
		       boot_params.alt_mem_k,
		       boot_params.screen_info.ext_mem_k, text);
}

/* A BIOS that does all it should, then a change to it, then the call. */
static void bios_reset(void)
{
	__builtin_memset(&bios, 0, sizeof(bios));
	__builtin_memset(&boot_params, 0, sizeof(boot_params));
	bios.ranges = 5;
	bios.e801_ax = bios.e801_cx = 15 * 1024;
	bios.e801_bx = bios.e801_dx = 0x100;	/* 16 MiB above 16 MiB */
	bios.ah88_ax = 31 * 1024;
	text_length = 0;
	died = false;
}

static noinline void detect(void)
{
	if (!__builtin_setjmp(death))
		detect_memory();
}

static bool found(u32 e820, u32 e801, u32 ah88)
{
	return !died && boot_params.e820_entries == e820 &&
	       boot_params.alt_mem_k == e801 &&
	       boot_params.screen_info.ext_mem_k == ah88;
}

static bool said(const char *part)
{
	return strstr(text, part);
}

static void test_e820(void)
{
	u32 i, wrong = 0;

	bios_reset();
	detect();
	point(found(5, 31 * 1024, 31 * 1024), "all three methods are stored");
	for (i = 0; i < 5; i++)
		wrong += boot_params.e820_table[i].addr != (u64)i << 20 ||
			 boot_params.e820_table[i].size != 1 << 20 ||
			 boot_params.e820_table[i].type != 1 + i % 2;
	point(!wrong && boot_params.e820_table[5].size == 0,
	      "each range is stored as told, in order");

	bios_reset();
	bios.carry_at = 4;
	detect();
	point(found(3, 31 * 1024, 31 * 1024), "carry ends the list");

	bios_reset();
	bios.forget_at = 4;
	detect();
	point(found(0, 31 * 1024, 31 * 1024),
	      "a lost signature discards the whole list");

	bios_reset();
	bios.ranges = 0;
	detect();
	point(found(0, 31 * 1024, 31 * 1024), "without E820 the others count");
}

static void test_e820_limits(void)
{
	bios_reset();
	bios.ranges = 128;
	detect();
	point(found(128, 31 * 1024, 31 * 1024) && !boot_params.scratch &&
	      !said("beyond"), "128 ranges fit");

	bios_reset();
	bios.ranges = 131;
	detect();
	point(found(128, 31 * 1024, 31 * 1024) && boot_params.scratch == 3 &&
	      said("E820: 3 entries beyond the 128 that fit are ignored"),
	      "of 131 ranges 3 are reported as ignored");
	point(boot_params.e820_table[127].addr == 127ULL << 20 &&
	      boot_params._pad8[0] == 0, "and nothing behind the table changed");

	bios_reset();
	bios.ranges = 256;
	detect();
	point(found(128, 31 * 1024, 31 * 1024) && boot_params.scratch == 128,
	      "256 ranges are not mistaken for none");

	bios_reset();
	bios.ranges = FOREVER;
	detect();
	point(found(128, 31 * 1024, 31 * 1024) && bios.calls == 512,
	      "a list without end is left after 512 calls");
}

static void test_e801(void)
{
	bios_reset();
	bios.e801_cx = bios.e801_dx = 0;
	detect();
	point(found(5, 31 * 1024, 31 * 1024), "E801 in AX:BX only");

	bios_reset();
	bios.e801_ax = bios.e801_bx = 0;
	detect();
	point(found(5, 31 * 1024, 31 * 1024), "E801 in CX:DX only");

	bios_reset();
	bios.e801_cx = 14 * 1024;
	detect();
	point(found(5, 14 * 1024, 31 * 1024), "E801 stops at the ISA hole");

	bios_reset();
	bios.e801_cx = 16 * 1024;
	detect();
	point(found(5, 0, 31 * 1024), "E801 with impossible values is dropped");

	bios_reset();
	bios.e801_carry = true;
	detect();
	point(found(5, 0, 31 * 1024), "E801 that fails leaves zero");

	bios_reset();
	bios.e801_dx = 0xffff;
	detect();
	point(found(5, 15 * 1024 + 0xffff * 64, 31 * 1024),
	      "E801 with the most it can say");
}

static void test_88(void)
{
	bios_reset();
	bios.ah88_carry = true;
	detect();
	point(found(5, 31 * 1024, 0), "88h that fails leaves zero");

	bios_reset();
	bios.ah88_ax = 0xffff;
	detect();
	point(found(5, 31 * 1024, 0xffff), "88h with the most it can say");
}

static void test_choice(void)
{
	bios_reset();
	bios.detect = "e820";
	detect();
	point(found(5, 0, 0), "detect=e820");

	bios_reset();
	bios.detect = "e801";
	detect();
	point(found(0, 31 * 1024, 0), "detect=e801");

	bios_reset();
	bios.detect = "88";
	detect();
	point(found(0, 0, 31 * 1024), "detect=88");

	bios_reset();
	bios.detect = "88,e801";
	detect();
	point(found(0, 31 * 1024, 31 * 1024), "detect=88,e801");

	bios_reset();
	bios.detect = "e820,";
	detect();
	point(found(5, 31 * 1024, 31 * 1024) &&
	      said("detect=: unknown method"), "detect=e820, (empty word)");

	bios_reset();
	bios.detect = "e820,a-word-that-is-longer-than-the-buffer-for-it";
	detect();
	point(found(5, 31 * 1024, 31 * 1024) && said("unknown method"),
	      "an overlong value is reported, not overrun");
}

static void test_nothing(void)
{
	bios_reset();
	bios.detect = "none";
	detect();
	point(died && said("no memory map: E820, E801 and 88h all failed"),
	      "no map at all stops with one line");

	bios_reset();
	bios.ranges = 0;
	bios.e801_carry = bios.ah88_carry = true;
	detect();
	point(died && said("no memory map: E820, E801 and 88h all failed"),
	      "a BIOS that knows none of the three stops as well");
}

int main(void)
{
	test_e820();
	test_e820_limits();
	test_e801();
	test_88();
	test_choice();
	test_nothing();
	printf("1..%d\n", count);
	return failed != 0;
}
