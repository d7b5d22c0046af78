// SPDX-License-Identifier: MIT
/*
 * `peek`: what stands at an address, as far as that is memory. The direct map
 * is looked at where there is RAM, kernel mappings through vread(), so that no
 * address whatever faults.
 */
#include "shell_commands.h"

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#define PEEK_LINE	16U	/* bytes of a line */
#define PEEK_MAX	4096U	/* bytes of a call */

/* How many of @n bytes at @addr are memory; *@buf has them, or zeroes. */
static unsigned int peek(unsigned long addr, u8 *buf, unsigned int n)
{
	memset(buf, 0, n);
	if (is_vmalloc_addr((void *)addr))
		return (unsigned int)vread((char *)buf, (char *)addr, n);
	if (!virt_addr_valid((void *)addr) ||
	    !virt_addr_valid((void *)(addr + n - 1)))
		return 0;
	memcpy(buf, (void *)addr, n);
	return n;
}

static void peek_line(struct shell *sh, unsigned long addr, unsigned int n)
{
	u8 buf[PEEK_LINE];
	unsigned int i, got = peek(addr, buf, n);

	shell_printf(sh, "%px ", (void *)addr);
	for (i = 0; i < n; i++)
		shell_printf(sh, got ? " %02x" : " --", buf[i]);
	shell_printf(sh, "%*s  ", (int)(3 * (PEEK_LINE - n)), "");
	for (i = 0; i < n && got; i++)
		shell_printf(sh, "%c", buf[i] >= ' ' && buf[i] <= '~' ?
			     buf[i] : '.');
	shell_printf(sh, "\n");
}

int command_peek(struct shell *sh, int argc, char **argv)
{
	unsigned int bytes = 64, n;
	unsigned long addr;

	if (argc < 2 || argc > 3)
		return -EINVAL;
	if (kstrtoul(argv[1], 16, &addr)) {
		shell_printf(sh, "peek: %s: no address in hexadecimal\n",
			     argv[1]);
		return -ERANGE;
	}
	if (argc == 3 && (kstrtouint(argv[2], 10, &bytes) || !bytes ||
			  bytes > PEEK_MAX)) {
		shell_printf(sh, "peek: %s: not a number from 1 to %u\n",
			     argv[2], PEEK_MAX);
		return -ERANGE;
	}
	if (addr + bytes < addr) {
		shell_printf(sh, "peek: %s: %u bytes reach past the last address\n",
			     argv[1], bytes);
		return -ERANGE;
	}
	for (; bytes; bytes -= n, addr += n) {
		n = min(bytes, PEEK_LINE);
		peek_line(sh, addr, n);
	}
	return 0;
}
