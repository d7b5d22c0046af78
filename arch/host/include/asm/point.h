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

#endif
