/* SPDX-License-Identifier: MIT */
/*
 * Writing an entry of 64 bits that a CPU may read at any moment. It must find
 * the old one or the new one; or, of one that was not present or will not be,
 * nothing present.
 *
 * Where a store has 32 bits an entry has two words. The CPU looks at the
 * present bit, in the low one: an entry that comes is written from its high
 * word, one that goes from its low word. Of one that changes both words are
 * exchanged at once.
 */
#ifndef _ASM_ENTRY_WRITE_H
#define _ASM_ENTRY_WRITE_H

#include <linux/compiler.h>
#include <linux/types.h>

#ifdef CONFIG_64BIT

static inline void entry_comes(u64 *e, u64 v)
{
	WRITE_ONCE(*e, v);
}

static inline void entry_goes(u64 *e)
{
	WRITE_ONCE(*e, 0);
}

static inline void entry_changes(u64 *e, u64 v)
{
	WRITE_ONCE(*e, v);
}

#else

/* @e is not present. */
static inline void entry_comes(u64 *e, u64 v)
{
	u32 *word = (u32 *)e;

	WRITE_ONCE(word[1], (u32)(v >> 32));
	barrier();
	WRITE_ONCE(word[0], (u32)v);
}

static inline void entry_goes(u64 *e)
{
	u32 *word = (u32 *)e;

	WRITE_ONCE(word[0], 0);
	barrier();
	WRITE_ONCE(word[1], 0);
}

/* @e is what it likes, and so is @v. */
static inline void entry_changes(u64 *e, u64 v)
{
	const u32 *word = (const u32 *)e;
	u32 low = READ_ONCE(word[0]), high = READ_ONCE(word[1]);

	__asm__ __volatile__("1:\n\t"
			     "lock cmpxchg8b %0\n\t"
			     "jnz 1b"
			     : "+m" (*e), "+a" (low), "+d" (high)
			     : "b" ((u32)v), "c" ((u32)(v >> 32))
			     : "cc", "memory");
}

#endif

#endif
