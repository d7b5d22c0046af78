/* SPDX-License-Identifier: MIT */
/* Where the simulator may let another CPU run: arch/host/sim/sim.c. */
#ifndef _ASM_POINT_H
#define _ASM_POINT_H

#include <linux/types.h>

void sim_point(const volatile void *object, bool write);
void sim_locked_point(const volatile void *object);
void sim_store(void *p, u64 value, size_t size);
u64 sim_load(const void *p, size_t size);
bool sim_planted(int plant);

/* The argument, or NULL. */
#define __sim_object(none, p, ...)	((const volatile void *)(p))
#define port_point(...)							\
	sim_point(__sim_object(0, ##__VA_ARGS__, 0), true)
#define port_read_point(p)	sim_point((p), false)
#define port_locked_point(...)						\
	sim_locked_point(__sim_object(0, ##__VA_ARGS__, 0))
#define port_store(p, v, order)						\
	sim_store((void *)(p), (u64)(__typeof__(*(p)))(v), sizeof(*(p)))
#define port_load(p, order)						\
	((__typeof__(*(p)))sim_load((const void *)(p), sizeof(*(p))))
#define port_planted(plant)	sim_planted(plant)

#define port_any(p)	(__atomic_load_n((p), __ATOMIC_RELAXED) != 0)
#define port_any_of(p, mask)						\
	((__atomic_load_n((p), __ATOMIC_RELAXED) & (mask)) != 0)
#define port_is(p, v)	(__atomic_load_n((p), __ATOMIC_RELAXED) == (v))
#define port_put(p, v)	__atomic_store_n((p), (v), __ATOMIC_RELAXED)

#define port_here_store(p, v)	port_store((p), (v), __ATOMIC_RELEASE)
#define port_here_any(p)	(port_load((p), __ATOMIC_ACQUIRE) != 0)

#endif
