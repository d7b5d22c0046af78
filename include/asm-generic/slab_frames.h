/* SPDX-License-Identifier: MIT */
/*
 * Where the kind of a frame is, for mm/slab/slab_frames.c: in one of many
 * chunks. Included by mm/slab/internal.h alone.
 */
#ifndef _ASM_GENERIC_SLAB_FRAMES_H
#define _ASM_GENERIC_SLAB_FRAMES_H

static __always_inline const u16 *
slab_frame_entry(const struct slab_front *front, unsigned long pfn)
{
	/* Pairs with the exchange in frame_prepare(). */
	return port_load(&front->frames[pfn >> FRAME_CHUNK_SHIFT],
			 __ATOMIC_ACQUIRE) + pfn;
}

#endif
