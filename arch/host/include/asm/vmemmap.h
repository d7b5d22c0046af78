/* SPDX-License-Identifier: MIT */
#ifndef _ASM_VMEMMAP_H
#define _ASM_VMEMMAP_H

#include <octavo/this_machine.h>

#define vmemmap		(this_arch()->struct_pages)

#endif
