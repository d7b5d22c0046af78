/* SPDX-License-Identifier: MIT */
/* Accesses of 64 bits where those are two words: each by itself. */
#ifndef _ASM_POINT_32_H
#define _ASM_POINT_32_H

#define __port_half(p, i)	(((const u32 *)(p))[i])
#define port_is(p, v) ({						\
	__label__ __port_out;						\
	bool __port_is = false;						\
	static_assert(sizeof(*(p)) == 8, "two halves");			\
	__asm__ __volatile__ goto("cmpl %1, %0\n\tjne %l2"		\
				  : : "m" (__port_half(p, 0)),		\
				  "ri" ((u32)(v)) : "cc" : __port_out);	\
	__asm__ __volatile__("cmpl %2, %1"				\
			     : "=@cce" (__port_is)			\
			     : "m" (__port_half(p, 1)),			\
			       "ri" ((u32)((u64)(v) >> 32)));		\
__port_out:								\
	__port_is; })
#define port_put(p, v) do {						\
	static_assert(sizeof(*(p)) == 8, "two halves");			\
	__atomic_store_n((u32 *)(p), (u32)(v), __ATOMIC_RELAXED);	\
	__atomic_store_n((u32 *)(p) + 1, (u32)((u64)(v) >> 32),		\
			 __ATOMIC_RELAXED);				\
} while (0)

#endif
