// SPDX-License-Identifier: MIT
/* `fault`: mistakes made on purpose, to see what the machine says of them. */
#include "shell_commands.h"

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

/* An address that no port maps, unknown to the compiler. */
static volatile int *nowhere(void)
{
	volatile unsigned long address = 0x10;

	return (volatile int *)address;
}

static void fault_bug(void)
{
	BUG_ON("the console asked for it");
}

static void fault_warn(void)
{
	WARN(true, "the console asked for it");
}

static void fault_panic(void)
{
	panic("the console asked for it");
}

static void fault_read(void)
{
	(void)*nowhere();
}

static void fault_write(void)
{
	*nowhere() = 1;
}

static void fault_rodata(void)
{
	static const int fixed = 1;
	/* As a number, since the compiler knows what is constant. */
	volatile unsigned long address = (unsigned long)&fixed;

	*(volatile int *)address = 2;
}

static void fault_div(void)
{
	volatile int zero = 0, one = 1;

	one = one / zero;	/* NOLINT: what it is for */
}

/* A byte past the end of an area. */
static void fault_vmalloc(void)
{
	volatile char *p = vmalloc(3 * PAGE_SIZE);

	if (p)
		p[3 * PAGE_SIZE] = 1;
}

int command_fault(struct shell *sh, int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*fn)(void);
	} faults[] = {
		{ "bug", fault_bug }, { "warn", fault_warn },
		{ "panic", fault_panic }, { "read", fault_read },
		{ "write", fault_write }, { "rodata", fault_rodata },
		{ "div", fault_div }, { "vmalloc", fault_vmalloc },
	};
	size_t i;

	if (argc != 2)
		return -EINVAL;
	for (i = 0; i < ARRAY_SIZE(faults); i++) {
		if (strcmp(argv[1], faults[i].name))
			continue;
		faults[i].fn();
		return 0;
	}
	return -EINVAL;
}
