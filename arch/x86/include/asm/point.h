/* SPDX-License-Identifier: MIT */
/* CPUs are real: nobody chooses who runs next. */
#ifndef _ASM_POINT_H
#define _ASM_POINT_H

#ifdef CONFIG_64BIT
#include <asm/point_64.h>
#else
#include <asm/point_32.h>
#endif

#define port_point(...)		((void)0)
#define port_read_point(p)	((void)0)
#define port_locked_point(...)	((void)0)
#define port_store(p, v, order)	__atomic_store_n((p), (v), (order))
#define port_load(p, order)	__atomic_load_n((p), (order))
#define port_planted(plant)	false

/* Comparisons in memory, whose flags are the answer. */
#define port_any(p) ({							\
	bool __port_any;						\
	static_assert(sizeof(*(p)) == 4, "cmpl");			\
	__asm__ __volatile__("cmpl $0, %1"				\
			     : "=@ccne" (__port_any) : "m" (*(p)));	\
	__port_any; })
#define port_any_of(p, mask) ({						\
	bool __port_any;						\
	static_assert(sizeof(*(p)) == 4, "testl");			\
	__asm__ __volatile__("testl %2, %1"				\
			     : "=@ccne" (__port_any)			\
			     : "m" (*(p)), "ri" (mask));		\
	__port_any; })
/* Of this CPU's variable as this_cpu_here() has it, whole. */
#define port_here_store(p, v) do {					\
	barrier();							\
	*(volatile __typeof__(*(p)) *)(p) = (v);			\
} while (0)
#define port_here_any(p) ({						\
	bool __here_any;						\
	__asm__ __volatile__("cmpl $0, %1"				\
			     : "=@ccne" (__here_any) : "m" (*(p))	\
			     : "memory");				\
	__here_any; })

#endif
