/* SPDX-License-Identifier: MIT */
#ifndef _ASM_TLB_H
#define _ASM_TLB_H

/* This CPU forgets translations, global ones too. Any context. */
void flush_tlb_local_range(unsigned long start, unsigned long end);
void flush_tlb_local_all(void);
/* At each tick: forgets pages that others have guarded (guard.c). */
void guard_tick(void);

#endif
