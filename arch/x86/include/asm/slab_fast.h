/* SPDX-License-Identifier: MIT */
/*
 * An object from this CPU's slot, and to it, in instructions that interrupts
 * make begin again (asm/restart.h). So preemption need not be off, and an
 * interrupt uses the slots as anybody does. Included by mm/slab/internal.h
 * alone, which has the structures.
 *
 * Who is at the slots for longer, or claims them, closes the front: then
 * these find slots that hold nothing and have no room.
 */
#ifndef _ASM_SLAB_FAST_H
#define _ASM_SLAB_FAST_H

#include <asm/asm.h>
#include <asm/percpu.h>
#include <asm/restart.h>

#define SLOT_FIELD(field)	[field] "i" (offsetof(struct slab_slot, field))

/*
 * This CPU's newest object of @cache, of its own node. NULL: there is none, or
 * preemption is off and @sleeps.
 */
static __always_inline void *slab_fast_pop(const struct kmem_cache *cache,
					   bool sleeps)
{
	unsigned long slot, n;
	void *object;

	if (sleeps && unlikely(this_cpu_any_at(cpu_anchor(), __preempt_count)))
		return NULL;
	__asm__ __volatile__ goto(
		RESTART_BEGIN
		"	mov" ASM_WORD "	" PERCPU_SEG "%[local], %[slot]\n"
		"	add" ASM_WORD "	%[offset], %[slot]\n"
		"	movl	%c[count](%[slot]), %k[n]\n"
		"	subl	$1, %k[n]\n"
		"	jc	%l[none]\n"
		"	mov" ASM_WORD "	%c[objs](%[slot]), %[object]\n"
		"	mov" ASM_WORD "	(%[object],%[n]," ASM_WORD_BYTES "), %[object]\n"
		"	movl	%k[n], %c[count](%[slot])\n"
		RESTART_END
		: [slot] "=&r" (slot), [n] "=&r" (n), [object] "=&a" (object)
		: [local] "m" (slab_front.local),
		  [offset] "m" (cache->slot_offset),
		  SLOT_FIELD(count), SLOT_FIELD(objs)
		: "memory", "cc"
		: none);
	/* What was NULL would not have been kept: spare the caller a test. */
	if (!object)
		__builtin_unreachable();
	return object;
none:
	return NULL;
}

/*
 * Keeps @object for this CPU if it is an object of @cache (@any: of any), is
 * not what was freed last, and there is room. False: it is not for here. See
 * slab_keep(), which is the same in C.
 */
static __always_inline bool slab_fast_push(const struct kmem_cache *cache,
					   bool any, void *object)
{
	const struct slab_state *s = slab_state();
	unsigned long pfn, slot, n;

	__asm__ __volatile__ goto(
		RESTART_BEGIN
		"	" ASM_WORD_MOVE "	%[base], %[pfn]\n"
		"	add" ASM_WORD "	%[object], %[pfn]\n"
		"	shr" ASM_WORD "	%[page_shift], %[pfn]\n"
		"	cmp" ASM_WORD "	%[nr_frames], %[pfn]\n"
		"	jae	%l[not]\n"
		"	mov" ASM_WORD "	%[pfn], %[slot]\n"
		"	shr" ASM_WORD "	%[chunk_shift], %[slot]\n"
		"	mov" ASM_WORD "	%[frames], %[n]\n"
		"	mov" ASM_WORD "	(%[n],%[slot]," ASM_WORD_BYTES "), %[slot]\n"
		"	movzwl	(%[slot],%[pfn],2), %k[slot]\n"
		"	shl" ASM_WORD "	%[slot_shift], %[slot]\n"
		"	add" ASM_WORD "	" PERCPU_SEG "%[slots], %[slot]\n"
		"	.if	!%c[any]\n"
		"	cmp" ASM_WORD "	%[kmem_cache], %c[cache](%[slot])\n"
		"	jne	%l[not]\n"
		"	.endif\n"
		"	shll	%[colour_shift], %k[pfn]\n"
		"	andl	%c[colour_mask](%[slot]), %k[pfn]\n"
		"	movl	%c[mask](%[slot]), %k[n]\n"
		"	andl	%k[object], %k[n]\n"
		"	subl	%k[pfn], %k[n]\n"
		"	imul" ASM_WORD "	%c[reciprocal](%[slot]), %[n]\n"
		"	cmp" ASM_WORD "	%c[limit](%[slot]), %[n]\n"
		"	jae	%l[not]\n"
		"	movl	%c[count](%[slot]), %k[n]\n"
		"	cmpl	%c[high](%[slot]), %k[n]\n"
		"	jae	%l[not]\n"
		"	mov" ASM_WORD "	%c[objs](%[slot]), %[pfn]\n"
		"	cmp" ASM_WORD "	%[object], -" ASM_WORD_BYTES "(%[pfn],%[n]," ASM_WORD_BYTES ")\n"
		"	je	%l[not]\n"
		"	mov" ASM_WORD "	%[object], (%[pfn],%[n]," ASM_WORD_BYTES ")\n"
		"	incl	%c[count](%[slot])\n"
		RESTART_END
		: [pfn] "=&r" (pfn), [slot] "=&r" (slot), [n] "=&r" (n)
		: [slots] "m" (slab_front.slots), [frames] "m" (s->frames),
		  [nr_frames] "m" (s->nr_frames), [object] "r" (object),
		  [any] "i" (any), [kmem_cache] "re" (cache),
		  [base] "i" (-PAGE_OFFSET), [page_shift] "i" (PAGE_SHIFT),
		  [chunk_shift] "i" (FRAME_CHUNK_SHIFT),
		  [slot_shift] "i" (ilog2(sizeof(struct slab_slot))),
		  [colour_shift] "i" (PAGE_SHIFT - SLAB_COLOUR_SHIFT),
		  SLOT_FIELD(cache), SLOT_FIELD(mask), SLOT_FIELD(colour_mask),
		  SLOT_FIELD(reciprocal), SLOT_FIELD(limit),
		  SLOT_FIELD(count), SLOT_FIELD(high), SLOT_FIELD(objs)
		: "memory", "cc"
		: not);
	return true;
not:
	return false;
}

#undef SLOT_FIELD

#endif
