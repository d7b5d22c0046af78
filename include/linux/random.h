/* SPDX-License-Identifier: MIT */
/*
 * Random numbers, from the port: port_random(). On the host a machine's seed
 * makes them the same in every run. Any context but NMI.
 */
#ifndef __KERNEL__	/* octavo/kernel.h */
#include_next <linux/random.h>
#elif !defined(_OCTAVO_LINUX_RANDOM_H)
#define _OCTAVO_LINUX_RANDOM_H

#include <linux/bug.h>
#include <linux/types.h>
#include <octavo/port.h>

static inline u64 get_random_u64(void) { return port_random(); }
static inline u32 get_random_u32(void) { return (u32)(port_random() >> 32); }
static inline u16 get_random_u16(void) { return (u16)(port_random() >> 48); }
static inline u8 get_random_u8(void) { return (u8)(port_random() >> 56); }

static inline unsigned long get_random_long(void)
{
	return (unsigned long)port_random();
}

static inline unsigned int get_random_int(void)
{
	return get_random_u32();
}

/* Below @ceil (0: any), each as likely as the others. */
u32 get_random_u32_below(u32 ceil);
/* Above @floor; from @floor to @ceil, both among them. */
static inline u32 get_random_u32_above(u32 floor)
{
	return floor + 1 + get_random_u32_below(~0U - floor);
}

static inline u32 get_random_u32_inclusive(u32 floor, u32 ceil)
{
	return floor + get_random_u32_below(ceil - floor + 1);
}

void get_random_bytes(void *buf, size_t len);
#define get_random_bytes_wait(buf, len)	(get_random_bytes(buf, len), 0)
#define wait_for_random_bytes()		0
#define add_device_randomness(buf, len)	((void)(buf), (void)(len))
#define rng_is_initialized()		true

#include <linux/prandom.h>

#endif
