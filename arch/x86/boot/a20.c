// SPDX-License-Identifier: MIT
/*
 * Address line 20.  While the chip set holds it low, addresses wrap at 1 MiB
 * and the payload reads as interrupt vectors.  It is asked for in the order of
 * least side effects: BIOS, keyboard controller, port 92; after each, a write
 * below the wrap is compared with the word 1 MiB above it.
 */
#include "boot.h"

/* An interrupt vector nobody uses; 0:X and ffff:X+10 differ by 1 MiB. */
#define PROBE_OFFSET	(0x80 * 4)

#define PROBE_SHORT	32
#define PROBE_LONG	0x8000	/* a slow keyboard controller needs ms */

/* Keyboard controller (8042). */
#define KBC_STATUS	0x64	/* read */
#define KBC_COMMAND	0x64	/* write */
#define KBC_DATA	0x60
#define KBC_OUT_FULL	0x01
#define KBC_IN_FULL	0x02
#define KBC_WRITE_OUTPUT 0xd1
#define KBC_NULL	0xff
#define KBC_A20_ON	0xdf

#define KBC_WAIT	100000	/* about 100 ms of io_delay() */
#define KBC_ABSENT	32	/* status reads as ff this often: no chip */

#define PORT_92		0x92
#define PORT_92_A20	0x02
#define PORT_92_RESET	0x01

static int a20_is_open(unsigned int probes)
{
	u32 saved, value;
	int open = 0;

	set_fs(0x0000);
	set_gs(0xffff);
	saved = value = rdfs32(PROBE_OFFSET);
	while (probes-- && !open) {
		wrfs32(++value, PROBE_OFFSET);
		io_delay();
		open = rdgs32(PROBE_OFFSET + 0x10) != value;
	}
	wrfs32(saved, PROBE_OFFSET);
	return open;
}

static void a20_by_bios(void)
{
	struct biosregs regs;

	initregs(&regs);
	regs.eax = 0x2401;
	intcall(0x15, &regs, NULL);
}

/* Wait until the controller takes a byte.  Returns -1 if it is not there. */
static int kbc_wait(void)
{
	unsigned int spins = KBC_WAIT;
	unsigned int absent = KBC_ABSENT;
	u8 status;

	while (spins--) {
		io_delay();
		status = inb(KBC_STATUS);
		if (status == 0xff && !--absent)
			return -1;
		if (status & KBC_OUT_FULL) {
			io_delay();
			(void)inb(KBC_DATA);
		} else if (!(status & KBC_IN_FULL)) {
			return 0;
		}
	}
	return -1;
}

static void a20_by_kbc(void)
{
	if (kbc_wait() < 0)
		return;
	outb(KBC_WRITE_OUTPUT, KBC_COMMAND);
	kbc_wait();
	outb(KBC_A20_ON, KBC_DATA);
	kbc_wait();
	/* Some controllers act only once the next command arrives. */
	outb(KBC_NULL, KBC_COMMAND);
	kbc_wait();
}

static void a20_by_port_92(void)
{
	u8 value = inb(PORT_92);

	outb((u8)((value | PORT_92_A20) & ~PORT_92_RESET), PORT_92);
}

int enable_a20(void)
{
	if (a20_is_open(PROBE_SHORT))
		return 0;
	a20_by_bios();
	if (a20_is_open(PROBE_SHORT))
		return 0;
	a20_by_kbc();
	if (a20_is_open(PROBE_LONG))
		return 0;
	a20_by_port_92();
	return a20_is_open(PROBE_LONG) ? 0 : -1;
}
