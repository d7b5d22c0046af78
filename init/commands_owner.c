// SPDX-License-Identifier: MIT
/* The console's look at who has pages. */
#include "shell_commands.h"

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/mm.h>
#include <linux/page_owner.h>
#include <linux/seq_file.h>

#include <octavo/machine.h>

static void emit_shell(void *ctx, const char *s, size_t n)
{
	shell_write(ctx, s, n);
}

/* One frame: who has it, or had it last, and who freed it. */
static int owner_of_frame(struct shell *sh, unsigned long pfn)
{
	struct seq_file m = { .emit = emit_shell, .ctx = sh };
	const struct page_owner *o = page_owner_of(pfn);
	char gfp[256];

	if (!o || !pfn_valid(pfn)) {
		shell_printf(sh, "owner: %#lx: no such frame\n", pfn);
		return -ENOENT;
	}
	if (!o->known) {
		shell_printf(sh, "pfn %#lx: never allocated since start-up\n",
			     pfn);
		return 0;
	}
	shell_printf(sh, "pfn %#lx: %s, order %u, mask %#x(%s), pid %d (%s), ts %llu ns\n",
		     pfn, o->allocated ? "allocated" : "free", o->order,
		     o->gfp_mask,
		     gfp_flags_format(gfp, sizeof(gfp), o->gfp_mask), o->pid,
		     o->comm, o->ts_nsec);
	stack_depot_show(&m, o->handle);
	if (!o->free_ts_nsec)
		return 0;
	shell_printf(sh, "last freed by pid %d, ts %llu ns\n", o->free_pid,
		     o->free_ts_nsec);
	stack_depot_show(&m, o->free_handle);
	return 0;
}

int command_owner(struct shell *sh, int argc, char **argv)
{
	struct seq_file m = { .emit = emit_shell, .ctx = sh };
	unsigned long pfn;

	if (argc > 2)
		return -EINVAL;
	if (!page_owner_enabled()) {
		shell_printf(sh, "owner: page_owner is off: start with page_owner=on\n");
		return -ENODATA;
	}
	if (argc == 1)
		return page_owner_stacks_show(&m);
	if (kstrtoul(argv[1], 0, &pfn)) {
		shell_printf(sh, "owner: %s: not a frame number\n", argv[1]);
		return -ERANGE;
	}
	return owner_of_frame(sh, pfn);
}
