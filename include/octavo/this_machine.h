/* SPDX-License-Identifier: MIT */
/*
 * The current machine's port part, for headers that come before the whole of
 * struct machine is known. `arch` is its first member.
 */
#ifndef _OCTAVO_THIS_MACHINE_H
#define _OCTAVO_THIS_MACHINE_H

#include <asm/machine.h>

#define this_arch()	((struct arch_machine *)this_machine())

#endif
