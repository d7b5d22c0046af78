/* SPDX-License-Identifier: MIT */
/* x86's own needs interrupts that make instructions begin again. */
#include <asm-generic/slab_fast.h>
