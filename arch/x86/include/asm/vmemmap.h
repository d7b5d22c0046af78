/* SPDX-License-Identifier: MIT */
#ifndef _ASM_VMEMMAP_H
#define _ASM_VMEMMAP_H

#include <asm/page.h>

#define vmemmap		((struct page *)VMEMMAP_START)

#endif
