/* SPDX-License-Identifier: MIT */
/* CPUs are real: nobody chooses who runs next. */
#ifndef _ASM_POINT_H
#define _ASM_POINT_H

#define port_point(...)		((void)0)
#define port_read_point(p)	((void)0)
#define port_locked_point(...)	((void)0)
#define port_store(p, v, order)	__atomic_store_n((p), (v), (order))
#define port_load(p, order)	__atomic_load_n((p), (order))
#define port_planted(plant)	false

#define port_any(p)	(__atomic_load_n((p), __ATOMIC_RELAXED) != 0)
#define port_any_of(p, mask)						\
	((__atomic_load_n((p), __ATOMIC_RELAXED) & (mask)) != 0)
#define port_is(p, v)	(__atomic_load_n((p), __ATOMIC_RELAXED) == (v))
#define port_put(p, v)	__atomic_store_n((p), (v), __ATOMIC_RELAXED)

#define port_here_store(p, v)	port_store((p), (v), __ATOMIC_RELEASE)
#define port_here_any(p)	(port_load((p), __ATOMIC_ACQUIRE) != 0)

#endif
