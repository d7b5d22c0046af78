/* SPDX-License-Identifier: MIT */
/* Accesses of 64 bits where those are a word. */
#ifndef _ASM_POINT_64_H
#define _ASM_POINT_64_H

#define port_is(p, v) ({						\
	bool __port_is;							\
	static_assert(sizeof(*(p)) == 8, "cmpq");			\
	__asm__ __volatile__("cmpq %2, %1"				\
			     : "=@cce" (__port_is)			\
			     : "m" (*(p)), "re" (v));			\
	__port_is; })
#define port_put(p, v)		__atomic_store_n((p), (v), __ATOMIC_RELAXED)

#endif
