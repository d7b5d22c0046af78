/* SPDX-License-Identifier: MIT */
/*
 * Things that are given back where their scope ends.
 *
 *	DEFINE_FREE(name, type, code)	void *p __free(name) = ...;
 *					code, with _T for the variable, at its
 *					end; return_ptr(p) and no_free_ptr(p)
 *					keep it
 *	DEFINE_GUARD(name, type, lock, unlock)
 *					guard(name)(arg); until the scope's end
 *					scoped_guard (name, arg) { ... }
 *	DEFINE_GUARD_COND(name, ext, condlock)
 *					scoped_cond_guard(name##ext, fail, arg)
 *					{ ... }, or fail when it is not to be had
 */
#ifndef _LINUX_CLEANUP_H
#define _LINUX_CLEANUP_H

#include <linux/compiler.h>

#define __cleanup(fn)		__attribute__((__cleanup__(fn)))

#define DEFINE_FREE(_name, _type, _free)				\
	static inline void __free_##_name(void *p)			\
	{								\
		_type _T = *(_type *)p;					\
		_free;							\
	}
#define __free(_name)		__cleanup(__free_##_name)

#define __get_and_null(p, nullvalue) ({					\
	__typeof__(p) *__ptr = &(p);					\
	__typeof__(p) __val = *__ptr;					\
	*__ptr = nullvalue;						\
	__val; })
#define no_free_ptr(p)		((__typeof__(p))__get_and_null(p, NULL))
#define return_ptr(p)		return no_free_ptr(p)
#define retain_and_null_ptr(p)	((void)__get_and_null(p, NULL))

#define DEFINE_CLASS(_name, _type, _exit, _init, _init_args...)		\
	typedef _type class_##_name##_t;				\
	static inline void class_##_name##_destructor(_type *p)		\
	{								\
		_type _T = *p;						\
		_exit;							\
	}								\
	static inline _type class_##_name##_constructor(_init_args)	\
	{								\
		_type __t = _init;					\
		return __t;						\
	}
#define CLASS(_name, var)						\
	class_##_name##_t var __cleanup(class_##_name##_destructor) =	\
		class_##_name##_constructor

#define DEFINE_GUARD(_name, _type, _lock, _unlock)			\
	DEFINE_CLASS(_name, _type, if (_T) { _unlock; },		\
		     ({ _lock; _T; }), _type _T)			\
	static inline void *class_##_name##_lock_ptr(class_##_name##_t *_T) \
	{								\
		return (void *)*_T;					\
	}
#define DEFINE_GUARD_COND(_name, _ext, _condlock)			\
	typedef class_##_name##_t class_##_name##_ext##_t;		\
	static inline void						\
	class_##_name##_ext##_destructor(class_##_name##_t *p)		\
	{								\
		class_##_name##_destructor(p);				\
	}								\
	static inline class_##_name##_t					\
	class_##_name##_ext##_constructor(class_##_name##_t _T)		\
	{								\
		return _condlock ? _T : (class_##_name##_t)NULL;	\
	}								\
	static inline void *						\
	class_##_name##_ext##_lock_ptr(class_##_name##_t *_T)		\
	{								\
		return (void *)*_T;					\
	}

/* A guard that remembers more than its lock; and one of no lock. */
#define DEFINE_LOCK_GUARD_1(_name, _type, _lock, _unlock, ...)		\
	typedef struct {						\
		_type *lock;						\
		__VA_ARGS__;						\
	} class_##_name##_t;						\
	static inline void						\
	class_##_name##_destructor(class_##_name##_t *_T)		\
	{								\
		if (_T->lock) {						\
			_unlock;					\
		}							\
	}								\
	static inline class_##_name##_t					\
	class_##_name##_constructor(_type *l)				\
	{								\
		class_##_name##_t __t = { .lock = l }, *_T = &__t;	\
		_lock;							\
		return __t;						\
	}								\
	static inline void *class_##_name##_lock_ptr(class_##_name##_t *_T) \
	{								\
		return (void *)_T->lock;				\
	}
#define DEFINE_LOCK_GUARD_0(_name, _lock, _unlock, ...)			\
	typedef struct {						\
		void *lock;						\
		__VA_ARGS__;						\
	} class_##_name##_t;						\
	static inline void						\
	class_##_name##_destructor(class_##_name##_t *_T)		\
	{								\
		(void)_T;						\
		_unlock;						\
	}								\
	static inline class_##_name##_t					\
	class_##_name##_constructor(void)				\
	{								\
		class_##_name##_t __t = { .lock = (void *)1 }, *_T = &__t; \
		(void)_T;						\
		_lock;							\
		return __t;						\
	}								\
	static inline void *class_##_name##_lock_ptr(class_##_name##_t *_T) \
	{								\
		return _T->lock;					\
	}

#define guard(_name)							\
	CLASS(_name, __UNIQUE_ID(guard) __maybe_unused)
#define __guard_ptr(_name)	class_##_name##_lock_ptr
#define scoped_guard(_name, args...)					\
	for (CLASS(_name, scope)(args), *done = NULL;			\
	     __guard_ptr(_name)(&scope) && !done; done = (void *)1)
#define scoped_cond_guard(_name, _fail, args...)			\
	for (CLASS(_name, scope)(args), *done = NULL; !done;		\
	     done = (void *)1)						\
		if (!__guard_ptr(_name)(&scope))			\
			_fail;						\
		else

#endif
