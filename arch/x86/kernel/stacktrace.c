// SPDX-License-Identifier: MIT
/*
 * Stack traces by frame pointers: every function keeps its caller's %rbp at
 * (%rbp) and its return address above, so frames form a list that ends with
 * zero. A broken list must not fault, loop or leave the stack: each step is
 * read through copy_from_kernel_nofault() and must go up.
 */
#include <linux/compiler.h>
#include <linux/kernel.h>
#include <octavo/port.h>
#include <asm/traps.h>
#include <asm/uaccess.h>

struct stack_frame {
	unsigned long next;	/* caller's frame; 0: the last */
	unsigned long ret;	/* return address into the caller */
};

#define MAX_FRAMES	64

void show_stack_frames(unsigned long bp)
{
	struct stack_frame f;
	int i;

	printk(" <TASK>\n");
	for (i = 0; i < MAX_FRAMES && bp; i++) {
		if (bp % sizeof(long) ||
		    copy_from_kernel_nofault(&f, (void *)bp, sizeof(f))) {
			printk(" (frame at %016lx cannot be read)\n", bp);
			break;
		}
		if (f.ret)
			printk(" %pS\n", (void *)f.ret);
		/* An interrupt's stack may lie anywhere; a loop may not be. */
		if (f.next == bp)
			break;
		bp = f.next;
	}
	printk(" </TASK>\n");
}

void port_dump_stack(void)
{
	printk("Call Trace:\n");
	show_stack_frames((unsigned long)__builtin_frame_address(0));
}
