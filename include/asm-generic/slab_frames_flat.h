/* SPDX-License-Identifier: MIT */
/*
 * Where the kind of a frame is, for mm/slab/slab_frames_port.c: in one table
 * for all. Included by mm/slab/internal.h alone.
 */
#ifndef _ASM_GENERIC_SLAB_FRAMES_FLAT_H
#define _ASM_GENERIC_SLAB_FRAMES_FLAT_H

static __always_inline const u16 *
slab_frame_entry(const struct slab_front *front, unsigned long pfn)
{
	return front->kinds + pfn;
}

#endif
