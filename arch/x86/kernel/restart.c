// SPDX-License-Identifier: MIT
/* Where interrupted instructions go on (asm/restart.h). */
#include <asm/restart.h>

#include <linux/types.h>
#include <asm/ptrace.h>

/* Interrupted after the first instruction and before the end: at the first. */
struct restart_range {
	unsigned long begin;
	unsigned long end;
};

extern const struct restart_range __start_octavo_restart[];
extern const struct restart_range __stop_octavo_restart[];

void restart_interrupted(struct pt_regs *regs)
{
	const struct restart_range *r;

	/* There is one for each function that has such instructions. */
	for (r = __start_octavo_restart; r < __stop_octavo_restart; r++)
		if (regs->ip > r->begin && regs->ip < r->end)
			regs->ip = r->begin;
}
