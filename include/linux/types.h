/* SPDX-License-Identifier: MIT */
/*
 * The scalar types of the kernel. phys_addr_t is 64 bits wide on every port,
 * so a PAE machine's addresses are never cut.
 */
#ifndef __KERNEL__	/* octavo/kernel.h */
#include_next <linux/types.h>
#elif !defined(_OCTAVO_LINUX_TYPES_H)
#define _OCTAVO_LINUX_TYPES_H

#include <stddef.h>
#include <linux/compiler.h>

typedef signed char		s8;
typedef unsigned char		u8;
typedef short			s16;
typedef unsigned short		u16;
typedef int			s32;
typedef unsigned int		u32;
typedef long long		s64;
typedef unsigned long long	u64;
typedef s8  __s8;  typedef u8  __u8;
typedef s16 __s16; typedef u16 __u16;
typedef s32 __s32; typedef u32 __u32;
typedef s64 __s64; typedef u64 __u64;
typedef u16 __le16; typedef u32 __le32; typedef u64 __le64;
typedef u16 __be16; typedef u32 __be32; typedef u64 __be64;

#ifndef __bool_true_false_are_defined	/* <stdbool.h> came first */
typedef _Bool			bool;
#define true			1
#define false			0
#endif

typedef long			ssize_t;
#ifndef _SYS_TYPES_H	/* the C library came first: a long */
typedef long long		loff_t;
#endif
typedef unsigned long		uintptr_t;
typedef unsigned long		ulong;
typedef unsigned int		uint;
typedef unsigned short		umode_t;
typedef unsigned short		ushort;
typedef unsigned char		u_char;
typedef unsigned int		u_int;
typedef unsigned long		u_long;
typedef unsigned char		uint8_t;
typedef unsigned short		uint16_t;
typedef unsigned int		uint32_t;
typedef unsigned long		uint64_t;
typedef signed char		int8_t;
typedef short			int16_t;
typedef int			int32_t;
typedef long			int64_t;
typedef long			intptr_t;
typedef u64			sector_t;
#ifndef _SYS_TYPES_H		/* the C library's come first */
typedef u64			blkcnt_t;
typedef u32			dev_t;
typedef int			pid_t;
#endif
typedef unsigned int		fmode_t;

typedef u64			phys_addr_t;	/* bytes */
typedef phys_addr_t		resource_size_t;
typedef u64			dma_addr_t;
typedef unsigned int		gfp_t;
typedef unsigned long		pgoff_t;	/* pages */
typedef unsigned int		slab_flags_t;
typedef s64			ktime_t;	/* nanoseconds */

typedef struct { int counter; } atomic_t;
typedef struct { s64 counter __aligned(8); } atomic64_t;
typedef struct { long counter; } atomic_long_t;

struct list_head { struct list_head *next, *prev; };
struct hlist_node { struct hlist_node *next, **pprev; };
struct hlist_head { struct hlist_node *first; };
/* A call that waits for a grace period (linux/rcupdate.h). */
struct callback_head {
	struct callback_head *next;
	void (*func)(struct callback_head *head);
};
#define rcu_head		callback_head

#define BITS_PER_BYTE		8
#define BITS_PER_LONG		((int)(8 * sizeof(long)))
#define DECLARE_BITMAP(name, bits)					\
	unsigned long name[((bits) + 8 * sizeof(long) - 1) / (8 * sizeof(long))]

#endif
