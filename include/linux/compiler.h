/* SPDX-License-Identifier: MIT */
/*
 * What the compiler must be told: attributes, branch hints, single accesses.
 */
#ifndef _LINUX_COMPILER_H
#define _LINUX_COMPILER_H

#ifndef __KERNEL__
#error "a kernel's header in a program: include <octavo/kernel.h> before it"
#endif

#define __always_inline		inline __attribute__((__always_inline__))
#define noinline		__attribute__((__noinline__))
#define __noreturn		__attribute__((__noreturn__))
#define __must_check		__attribute__((__warn_unused_result__))
#define __maybe_unused		__attribute__((__unused__))
#define __always_unused		__attribute__((__unused__))
#define __used			__attribute__((__used__))
#define __weak			__attribute__((__weak__))
#define __packed		__attribute__((__packed__))
#define __aligned(x)		__attribute__((__aligned__(x)))
#define __section(s)		__attribute__((__section__(s)))
#define __printf(f, a)		__attribute__((__format__(printf, f, a)))
#define __malloc		__attribute__((__malloc__))
#define __pure			__attribute__((__pure__))
#define __attribute_const__	__attribute__((__const__))
#define __cold			__attribute__((__cold__))
#define fallthrough		__attribute__((__fallthrough__))
#define __percpu
#define __iomem
#define __user
#define __force
#define __ro_after_init
#define __read_mostly

#define likely(x)		__builtin_expect(!!(x), 1)
#define unlikely(x)		__builtin_expect(!!(x), 0)
#define unreachable()		__builtin_unreachable()
#define barrier()		__asm__ __volatile__("" : : : "memory")
/* The compiler forgets what it knows of @x, which keeps its value. */
#define OPTIMIZER_HIDE_VAR(x)	__asm__ ("" : "+r" (x))

/*
 * Of a function that others call last and that asks for its caller: theirs is
 * found, since it is jumped to. Where the compiler calls it all the same, as
 * the thread sanitizer has it note the end of each function, it is a part of
 * who calls it.
 */
#if defined(__SANITIZE_THREAD__) || !defined(__OPTIMIZE__)
#define noinline_last		__always_inline
#else
#define noinline_last		noinline
#endif

/* One access, neither torn, repeated nor invented. No ordering. */
#ifndef __SANITIZE_THREAD__
#define READ_ONCE(x)		(*(const volatile __typeof__(x) *)&(x))
#define WRITE_ONCE(x, v)	(*(volatile __typeof__(x) *)&(x) = (v))
#else
/* The sanitizer takes a volatile access for an ordinary one. */
#define READ_ONCE(x) ({							\
	__typeof__(((void)0, (x))) once_;				\
	__atomic_load(&(x), &once_, __ATOMIC_RELAXED);			\
	once_; })
#define WRITE_ONCE(x, v) ({						\
	__typeof__(((void)0, (x))) once_ = (v);				\
	__atomic_store(&(x), &once_, __ATOMIC_RELAXED);			\
	once_; })
#endif

#define __same_type(a, b)						\
	__builtin_types_compatible_p(__typeof__(a), __typeof__(b))
#define static_assert		_Static_assert
#define BUILD_BUG_ON(c)		static_assert(!(c), "not: " #c)
#define __visible		__attribute__((__externally_visible__))
#define __hot			__attribute__((__hot__))
#define __deprecated
#define __init_or_module
#define __latent_entropy
#define __randomize_layout
#define __no_randomize_layout
#define __designated_init
#define __nonstring		__attribute__((__nonstring__))
#define __counted_by(member)
#define __alloc_size(...)
#define __realloc_size(...)
#define __rcu
#define __kernel
#define __private
#define __acquires(x)
#define __releases(x)
#define __must_hold(x)
#define __acquire(x)		((void)0)
#define __release(x)		((void)0)
#define __cond_lock(x, c)	(c)
#define __bitwise
#define __nocast
#define __safe
#define __no_sanitize_address	__attribute__((__no_sanitize_address__))
#define __no_kasan_or_inline	__no_sanitize_address
#define notrace			__attribute__((__no_instrument_function__))
#define asmlinkage
#define __noclone		__attribute__((__noclone__))
#define noinline_for_stack	noinline
#define data_race(e)		(e)
#define ASSERT_EXCLUSIVE_WRITER(v)	((void)0)
#define ASSERT_EXCLUSIVE_ACCESS(v)	((void)0)
#define barrier_data(p)		__asm__ __volatile__("" : : "r" (p) : "memory")
#define __is_constexpr(x)						\
	(sizeof(int) == sizeof(*(8 ? ((void *)((long)(x) * 0l)) : (int *)8)))
#define is_signed_type(t)	(((t)(-1)) < (t)1)
#define is_unsigned_type(t)	(!is_signed_type(t))
#define __must_be_array(a)						\
	((int)(0 * sizeof(struct { int:(-!!(__same_type((a), &(a)[0]))); })))
#define typeof_member(t, m)	__typeof__(((t *)0)->m)
#define __chk_user_ptr(p)	((void)0)
#define offset_to_ptr(off)	((void *)((unsigned long)(off) + *(off)))
#ifndef offsetof
#define offsetof(t, m)		__builtin_offsetof(t, m)
#endif

#define __CONCAT2(a, b)		a##b
#define __PASTE(a, b)		__CONCAT2(a, b)
#define __UNIQUE_ID(p)		__PASTE(__UNIQUE_##p, __COUNTER__)
#define __stringify_1(x...)	#x
#define __stringify(x...)	__stringify_1(x)

#define ____cacheline_aligned	__aligned(64)
#define ____cacheline_aligned_in_smp	__aligned(64)

#endif
