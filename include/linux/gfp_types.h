/* SPDX-License-Identifier: MIT */
/*
 * What a request for memory says: where it may come from, what the allocator
 * may do to get it, and what it is for. Values are Linux 6.12's.
 */
#ifndef _LINUX_GFP_TYPES_H
#define _LINUX_GFP_TYPES_H

#include <linux/types.h>

#define ___GFP_DMA		0x01u
#define ___GFP_HIGHMEM		0x02u
#define ___GFP_DMA32		0x04u
#define ___GFP_MOVABLE		0x08u
#define ___GFP_RECLAIMABLE	0x10u
#define ___GFP_HIGH		0x20u
#define ___GFP_IO		0x40u
#define ___GFP_FS		0x80u
#define ___GFP_ZERO		0x100u
#define ___GFP_DIRECT_RECLAIM	0x400u
#define ___GFP_KSWAPD_RECLAIM	0x800u
#define ___GFP_WRITE		0x1000u
#define ___GFP_NOWARN		0x2000u
#define ___GFP_RETRY_MAYFAIL	0x4000u
#define ___GFP_NOFAIL		0x8000u
#define ___GFP_NORETRY		0x10000u
#define ___GFP_MEMALLOC		0x20000u
#define ___GFP_COMP		0x40000u
#define ___GFP_NOMEMALLOC	0x80000u
#define ___GFP_HARDWALL		0x100000u
#define ___GFP_THISNODE		0x200000u
#define ___GFP_ACCOUNT		0x400000u
#define ___GFP_ZEROTAGS		0x800000u
#define __GFP_BITS_SHIFT	26
#define __GFP_BITS_MASK		((gfp_t)((1u << __GFP_BITS_SHIFT) - 1))

/* Which zone, and how mobile the pages are. */
#define __GFP_DMA	((gfp_t)___GFP_DMA)	/* below 16 MiB */
#define __GFP_HIGHMEM	((gfp_t)___GFP_HIGHMEM)	/* need not be mapped */
#define __GFP_DMA32	((gfp_t)___GFP_DMA32)	/* below 4 GiB */
#define __GFP_MOVABLE	((gfp_t)___GFP_MOVABLE)	/* can be migrated */
#define GFP_ZONEMASK	(__GFP_DMA | __GFP_HIGHMEM | __GFP_DMA32 | __GFP_MOVABLE)
#define __GFP_RECLAIMABLE ((gfp_t)___GFP_RECLAIMABLE) /* shrinkers free it */
#define __GFP_WRITE	((gfp_t)___GFP_WRITE)	/* will be dirtied */
#define __GFP_HARDWALL	((gfp_t)___GFP_HARDWALL) /* keep to the cpuset */
#define __GFP_THISNODE	((gfp_t)___GFP_THISNODE) /* this node or none */
#define __GFP_ACCOUNT	((gfp_t)___GFP_ACCOUNT)

/* How deep into the reserves. */
#define __GFP_HIGH	((gfp_t)___GFP_HIGH)	/* high priority */
#define __GFP_MEMALLOC	((gfp_t)___GFP_MEMALLOC) /* all of it: frees more */
#define __GFP_NOMEMALLOC ((gfp_t)___GFP_NOMEMALLOC) /* none, whoever asks */

/* What may be done to find memory. */
#define __GFP_IO	((gfp_t)___GFP_IO)	/* start I/O */
#define __GFP_FS	((gfp_t)___GFP_FS)	/* call into file systems */
#define __GFP_DIRECT_RECLAIM ((gfp_t)___GFP_DIRECT_RECLAIM) /* sleep, reclaim */
#define __GFP_KSWAPD_RECLAIM ((gfp_t)___GFP_KSWAPD_RECLAIM) /* wake kswapd */
#define __GFP_RECLAIM	(__GFP_DIRECT_RECLAIM | __GFP_KSWAPD_RECLAIM)
#define __GFP_RETRY_MAYFAIL ((gfp_t)___GFP_RETRY_MAYFAIL) /* hard, may fail */
#define __GFP_NOFAIL	((gfp_t)___GFP_NOFAIL)	/* never fails */
#define __GFP_NORETRY	((gfp_t)___GFP_NORETRY)	/* one light try */

/* What is done with the pages. */
#define __GFP_NOWARN	((gfp_t)___GFP_NOWARN)	/* no report of failure */
#define __GFP_COMP	((gfp_t)___GFP_COMP)	/* a compound page */
#define __GFP_ZERO	((gfp_t)___GFP_ZERO)	/* zeroed */
#define __GFP_ZEROTAGS	((gfp_t)___GFP_ZEROTAGS)

#define GFP_ATOMIC	(__GFP_HIGH | __GFP_KSWAPD_RECLAIM)
#define GFP_KERNEL	(__GFP_RECLAIM | __GFP_IO | __GFP_FS)
#define GFP_KERNEL_ACCOUNT (GFP_KERNEL | __GFP_ACCOUNT)
#define GFP_NOWAIT	(__GFP_KSWAPD_RECLAIM | __GFP_NOWARN)
#define GFP_NOIO	(__GFP_RECLAIM)
#define GFP_NOFS	(__GFP_RECLAIM | __GFP_IO)
#define GFP_USER	(__GFP_RECLAIM | __GFP_IO | __GFP_FS | __GFP_HARDWALL)
#define GFP_DMA		__GFP_DMA
#define GFP_DMA32	__GFP_DMA32
#define GFP_HIGHUSER	(GFP_USER | __GFP_HIGHMEM)
#define GFP_HIGHUSER_MOVABLE (GFP_HIGHUSER | __GFP_MOVABLE)
#define GFP_TRANSHUGE_LIGHT						\
	((GFP_HIGHUSER_MOVABLE | __GFP_COMP | __GFP_NOMEMALLOC |	\
	  __GFP_NOWARN) & ~__GFP_RECLAIM)
#define GFP_TRANSHUGE	(GFP_TRANSHUGE_LIGHT | __GFP_DIRECT_RECLAIM)

/* Every bit that says something. */
#define GFP_MEANS							\
	(GFP_ZONEMASK | __GFP_RECLAIMABLE | __GFP_HIGH | __GFP_IO |	\
	 __GFP_FS | __GFP_ZERO | __GFP_RECLAIM | __GFP_WRITE |		\
	 __GFP_NOWARN | __GFP_RETRY_MAYFAIL | __GFP_NOFAIL |		\
	 __GFP_NORETRY | __GFP_MEMALLOC | __GFP_COMP |			\
	 __GFP_NOMEMALLOC | __GFP_HARDWALL | __GFP_THISNODE |		\
	 __GFP_ACCOUNT | __GFP_ZEROTAGS)

#define GFP_MOVABLE_MASK (__GFP_RECLAIMABLE | __GFP_MOVABLE)
#define GFP_MOVABLE_SHIFT 3

#endif
