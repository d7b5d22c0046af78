// SPDX-License-Identifier: MIT
/*
 * Stack traces by frame pointers: every function keeps its caller's %rbp
 * (%ebp) where its own points, and its return address above, so frames form a list that ends with
 * zero. A broken list must not fault, loop or leave the stack: each step is
 * read through copy_from_kernel_nofault() and must go up.
 */
#include <linux/compiler.h>
#include <linux/kernel.h>
#include <linux/stacktrace.h>
#include <octavo/port.h>
#include <asm/traps.h>
#include <asm/uaccess.h>

struct stack_frame {
	unsigned long next;	/* caller's frame; 0: the last */
	unsigned long ret;	/* return address into the caller */
};

#define MAX_FRAMES	64

/* The frame at @bp; false when none can be there. */
static bool frame_read(struct stack_frame *f, unsigned long bp)
{
	return bp % sizeof(long) == 0 &&
	       !copy_from_kernel_nofault(f, (void *)bp, sizeof(*f));
}

void show_stack_frames(unsigned long bp)
{
	struct stack_frame f;
	int i;

	printk(" <TASK>\n");
	for (i = 0; i < MAX_FRAMES && bp; i++) {
		if (!frame_read(&f, bp)) {
			printk(" (frame at %px cannot be read)\n",
			       (void *)bp);
			break;
		}
		if (f.ret)
			printk(" %pB\n", (void *)f.ret);
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

static unsigned int frames_save(unsigned long bp, unsigned long *store,
				unsigned int size, unsigned int skipnr)
{
	struct stack_frame f;
	unsigned int n = 0;
	int i;

	for (i = 0; i < MAX_FRAMES && n < size && bp; i++) {
		if (!frame_read(&f, bp))
			break;
		if (skipnr)
			skipnr--;
		else if (f.ret)
			store[n++] = f.ret;
		if (f.next == bp)
			break;
		bp = f.next;
	}
	return n;
}

unsigned int stack_trace_save(unsigned long *store, unsigned int size,
			      unsigned int skipnr)
{
	return frames_save((unsigned long)__builtin_frame_address(0), store,
			   size, skipnr);
}

unsigned int stack_trace_save_at(unsigned long ip, unsigned long fp,
				 unsigned long *store, unsigned int size)
{
	if (!size)
		return 0;
	store[0] = ip;
	return 1 + frames_save(fp, store + 1, size - 1, 0);
}
