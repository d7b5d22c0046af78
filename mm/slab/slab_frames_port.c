// SPDX-License-Identifier: MIT
/*
 * The kinds of frames in memory of the port's that is zero until it is written
 * and costs nothing until then (port_frame_kinds()): one table for all, so
 * that who knows its address needs no root. Otherwise like slab_frames.c.
 *
 * Locks: none; a frame's kind is written by who has the frame.
 */
#include "internal.h"

#include <linux/init.h>
#include <linux/kernel.h>

void __init slab_frames_init(void)
{
	struct slab_state *s = slab_state();
	unsigned long chunks = DIV_ROUND_UP(max_pfn, FRAME_CHUNK), i;

	s->frames = slab_init_pages(chunks * sizeof(*s->frames));
	for (i = 0; i < chunks; i++)
		s->frames[i] = port_frame_kinds();
	s->nr_frames = max_pfn;
}

int frame_prepare(unsigned long pfn, gfp_t gfp)
{
	return 0;
}

void frame_set_kind(unsigned long pfn, unsigned int kind)
{
	port_store(&port_frame_kinds()[pfn], (u16)kind, __ATOMIC_RELAXED);
}

unsigned int frame_kind(const void *addr)
{
	unsigned long pfn = direct_offset(addr) >> PAGE_SHIFT;

	if (pfn >= slab_state()->nr_frames)
		return FRAME_NONE;
	return port_load(&port_frame_kinds()[pfn], __ATOMIC_RELAXED);
}
