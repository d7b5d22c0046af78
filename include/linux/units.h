/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_UNITS_H
#define _LINUX_UNITS_H

#include <linux/bits.h>

#define HZ_PER_KHZ	1000UL
#define HZ_PER_MHZ	1000000UL
#define KHZ_PER_MHZ	1000UL
#define NANO		1000000000UL
#define MICRO		1000000UL
#define MILLI		1000UL
#define KILO		1000UL
#define MEGA		1000000UL
#define GIGA		1000000000UL

#endif
