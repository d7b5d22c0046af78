// SPDX-License-Identifier: MIT
/*
 * Faults that are expected. An instruction that may touch what is not there
 * has an entry in octavo_ex_table with the place to go on at; entry_64.S and
 * entry_32.S hold both. There are so few that they are searched one by one.
 */
#include <asm/traps.h>

#include <linux/errno.h>
#include <linux/types.h>
#include <asm/msr.h>
#include <asm/uaccess.h>

extern const struct exception_table_entry __start_octavo_ex_table[];
extern const struct exception_table_entry __stop_octavo_ex_table[];

size_t copy_nofault_bytes(void *dst, const void *src, size_t n);
int call_nofault(void (*fn)(void));

static const struct exception_table_entry *extable_find(unsigned long insn)
{
	const struct exception_table_entry *e;

	for (e = __start_octavo_ex_table; e < __stop_octavo_ex_table; e++)
		if (e->insn == insn)
			return e;
	return NULL;
}

/*
 * A call into what is not executable, or not there, faults at its target: the
 * caller is known by the return address that it has pushed.
 */
static bool fixup_call(struct pt_regs *regs)
{
	const struct exception_table_entry *e;

	if (regs->vector != X86_TRAP_PF || read_cr2() != regs->ip)
		return false;
	e = extable_find(*(const unsigned long *)regs->sp);
	if (!e)
		return false;
	regs->sp += sizeof(long);
	regs->ip = e->fixup;
	return true;
}

bool fixup_exception(struct pt_regs *regs)
{
	const struct exception_table_entry *e = extable_find(regs->ip);

	if (!e)
		return fixup_call(regs);
	regs->ip = e->fixup;
	return true;
}

long copy_from_kernel_nofault(void *dst, const void *src, size_t size)
{
	return copy_nofault_bytes(dst, src, size) ? -EFAULT : 0;
}

long copy_to_kernel_nofault(void *dst, const void *src, size_t size)
{
	return copy_nofault_bytes(dst, src, size) ? -EFAULT : 0;
}

int call_kernel_nofault(void (*fn)(void))
{
	return call_nofault(fn) ? -EFAULT : 0;
}
