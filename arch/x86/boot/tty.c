// SPDX-License-Identifier: MIT
/*
 * Text output of the setup code: BIOS teletype, and the serial port that
 * `console=ttyS0` or `console=ttyS1` names, at 115200 baud, 8N1.  The firmware
 * may copy the screen to a serial port itself; then lines show twice there.
 */
#include "boot.h"

#define UART_DATA	0	/* divisor low byte while DLAB is set */
#define UART_IER	1	/* divisor high byte while DLAB is set */
#define UART_FCR	2
#define UART_LCR	3
#define UART_MCR	4
#define UART_LSR	5

#define LCR_8N1		0x03
#define LCR_DLAB	0x80
#define MCR_DTR_RTS	0x03
#define LSR_THRE	0x20	/* transmitter takes another byte */

/* The UART's clock divided by 16 is 115200 Hz: divisor 1. */
#define UART_DIVISOR	1

/* A byte at 115200 baud takes 87 us; an io_delay() is about 1 us. */
#define UART_SPINS	0x1000

/* Port base, 0: no serial output. */
static u16 serial_base;

static void serial_open(u16 base)
{
	outb(LCR_DLAB | LCR_8N1, base + UART_LCR);
	outb(UART_DIVISOR, base + UART_DATA);
	outb(0, base + UART_IER);
	outb(LCR_8N1, base + UART_LCR);
	outb(0, base + UART_FCR);
	outb(MCR_DTR_RTS, base + UART_MCR);
	serial_base = base;
}

static void serial_putchar(char c)
{
	unsigned int spins = UART_SPINS;

	while (!(inb(serial_base + UART_LSR) & LSR_THRE) && --spins)
		io_delay();
	outb((u8)c, serial_base + UART_DATA);
}

static void putchar(char c)
{
	struct biosregs regs;

	if (c == '\n')
		putchar('\r');
	initregs(&regs);
	regs.eax = 0x0e00 | (u8)c;
	regs.ebx = 0x0007;
	intcall(0x10, &regs, NULL);
	if (serial_base)
		serial_putchar(c);
}

void puts(const char *text)
{
	while (*text)
		putchar(*text++);
}

void put_dec(u32 value)
{
	char digits[11];	/* 2^32 has 10 digits */
	char *at = digits + sizeof(digits) - 1;

	*at = '\0';
	do {
		*--at = (char)('0' + value % 10);
		value /= 10;
	} while (value);
	puts(at);
}

void console_init(void)
{
	char name[16];
	int length = cmdline_find_option("console", name, sizeof(name));

	if (length < 5)
		return;
	name[5] = '\0';
	if (!strcmp(name, "ttyS0"))
		serial_open(0x3f8);
	else if (!strcmp(name, "ttyS1"))
		serial_open(0x2f8);
}
