/* SPDX-License-Identifier: MIT */
#ifndef _ASM_BARRIER_H
#define _ASM_BARRIER_H

#include <asm-generic/barrier.h>
#include <asm/processor.h>

#endif
