/* SPDX-License-Identifier: MIT */
/*
 * Symbol names of the booted kernel's own text.
 */
#ifndef _LINUX_KALLSYMS_H
#define _LINUX_KALLSYMS_H

/*
 * Name of the function that holds @addr, with the distance from its start in
 * *@offset and its length in *@size (bytes; either may be NULL). Returns NULL
 * for an address outside of the kernel's text. Any context; the name is
 * constant and never freed.
 */
const char *kallsyms_lookup(unsigned long addr, unsigned long *offset,
			    unsigned long *size);

/*
 * Calls @fn for each function that has a name, in the order of addresses as far
 * as there is one. Task context.
 */
void kallsyms_for_each(void (*fn)(void *ctx, const char *name,
				  unsigned long addr), void *ctx);

/* NULL, or which invariant of the table does not hold. Any context. */
const char *kallsyms_check(void);

#endif
