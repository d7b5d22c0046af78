// SPDX-License-Identifier: MIT
/*
 * The console: a 16550 serial port.
 *
 *   console=ttyS0            first port, 115200 baud
 *   console=ttyS1,9600       second port, with its speed (n8 may follow)
 *   trace_dump=ttyS1         another port, for bytes (port_dump_write())
 *
 * Writing polls: the log's lock keeps CPUs apart, and a panic must get its
 * words out with interrupts off. The transmitter has a FIFO of 16, so its
 * state is asked for once in 16 characters; a port that never becomes ready
 * loses the text instead of the machine. A port that is not there reads as
 * all ones and is left alone.
 *
 * Reading polls too, once a tick, and lets others run in between: a person
 * types slower, and emulators hold back input until the FIFO has room.
 */
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <octavo/machine.h>
#include <octavo/port.h>
#include <octavo/this_machine.h>
#include <asm/io.h>
#include <asm/processor.h>

#define UART_TX		0	/* write: character to send */
#define UART_RX		0	/* read: character received */
#define UART_DLL	0	/* with DLAB: divisor, low byte */
#define UART_IER	1
#define UART_DLM	1	/* with DLAB: divisor, high byte */
#define UART_FCR	2
#define UART_LCR	3
#define UART_MCR	4
#define UART_LSR	5

#define UART_LSR_DR	0x01	/* a character waits */
#define UART_LSR_THRE	0x20	/* the transmit FIFO is empty */
#define UART_LCR_8N1	0x03
#define UART_LCR_DLAB	0x80
#define UART_FCR_ENABLE	0x07	/* on, both FIFOs emptied */
#define UART_MCR_READY	0x03	/* DTR, RTS */

#define UART_CLOCK	115200	/* baud with divisor 1 */
#define UART_FIFO	16
/* At 50 baud a FIFO takes 3.2 s; a read of the port is over 100 ns. */
#define UART_PATIENCE	32000000UL

static const u16 uart_base[] = { 0x3f8, 0x2f8, 0x3e8, 0x2e8 };

static struct x86_console *console(void)
{
	return &this_arch()->port.console;
}

static void uart_setup(struct x86_console *c)
{
	unsigned int divisor = UART_CLOCK / (c->baud ? c->baud : UART_CLOCK);

	c->base = uart_base[c->line];
	c->room = 0;
	c->ready = true;
	if (inb(c->base + UART_LSR) == 0xff) {
		c->base = 0;
		return;
	}
	outb(0, c->base + UART_IER);
	outb(UART_LCR_DLAB, c->base + UART_LCR);
	outb((u8)divisor, c->base + UART_DLL);
	outb((u8)(divisor >> 8), c->base + UART_DLM);
	outb(UART_LCR_8N1, c->base + UART_LCR);
	outb(UART_FCR_ENABLE, c->base + UART_FCR);
	outb(UART_MCR_READY, c->base + UART_MCR);
}

/* "ttyS1,9600": a port and its speed. */
static int __init uart_option(struct x86_console *c, const char *val)
{
	unsigned int line, baud = UART_CLOCK;
	char digits[8];
	size_t n;

	line = (unsigned int)(val[4] - '0');
	if (line >= ARRAY_SIZE(uart_base))
		return -EINVAL;
	if (val[5] == ',') {
		n = strspn(val + 6, "0123456789");
		if (!n || n >= sizeof(digits))
			return -EINVAL;
		memcpy(digits, val + 6, n);
		digits[n] = '\0';
		if (kstrtouint(digits, 10, &baud) || baud < 50 ||
		    baud > UART_CLOCK)
			return -EINVAL;
	} else if (val[5]) {
		return -EINVAL;
	}
	if (c->ready && c->line == line && (c->baud ? c->baud : UART_CLOCK) == baud)
		return 0;
	c->line = line;
	c->baud = baud;
	uart_setup(c);
	return 0;
}

static int __init console_option(char *val)
{
	/* Other consoles are none of ours; Linux command lines name them. */
	if (!val || strncmp(val, "ttyS", 4))
		return val ? 0 : -EINVAL;
	return uart_option(console(), val);
}
early_param("console", console_option);

static int __init dump_option(char *val)
{
	struct x86_console *dump = &this_arch()->port.dump;

	if (!val || strncmp(val, "ttyS", 4) || uart_option(dump, val))
		return option_malformed("trace_dump", val,
					"is no serial port such as ttyS1");
	if (!dump->base)
		return option_malformed("trace_dump", val, "is not there");
	return 0;
}
early_param("trace_dump", dump_option);

static void uart_put(struct x86_console *c, char ch)
{
	unsigned long patience = UART_PATIENCE;

	if (!c->room) {
		while (!(inb(c->base + UART_LSR) & UART_LSR_THRE))
			if (!--patience)
				return;
		c->room = UART_FIFO;
	}
	c->room--;
	outb((u8)ch, c->base + UART_TX);
}

void port_console_write(const char *s, size_t n)
{
	struct x86_console *c = console();

	if (!c->ready)
		uart_setup(c);
	if (!c->base)
		return;
	for (; n; n--, s++) {
		if (*s == '\n')
			uart_put(c, '\r');
		uart_put(c, *s);
	}
}

bool port_dump_write(const char *s, size_t n)
{
	struct x86_console *dump = &this_arch()->port.dump;

	if (!dump->base)
		return false;
	while (n--)
		uart_put(dump, *s++);
	return true;
}

int port_console_read(bool wait)
{
	struct x86_console *c = console();

	if (!c->ready)
		uart_setup(c);
	for (;;) {
		if (c->base && (inb(c->base + UART_LSR) & UART_LSR_DR))
			return inb(c->base + UART_RX);
		if (!wait)
			return -EAGAIN;
		if (preemptible()) {
			set_current_state(TASK_UNINTERRUPTIBLE);
			schedule_timeout(1);
		} else {
			cpu_relax();
		}
	}
}
