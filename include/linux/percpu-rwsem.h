/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_PERCPU_RWSEM_H
#define _LINUX_PERCPU_RWSEM_H

#include <linux/rwsem.h>

/* The calls of Linux's; inside, an ordinary semaphore, with its costs. */
struct percpu_rw_semaphore {
	struct rw_semaphore sem;
};

#define DEFINE_STATIC_PERCPU_RWSEM(name)				\
	static struct percpu_rw_semaphore name = {			\
		.sem = __RWSEM_INITIALIZER((name).sem) }
#define DEFINE_PERCPU_RWSEM(name)					\
	struct percpu_rw_semaphore name = {				\
		.sem = __RWSEM_INITIALIZER((name).sem) }
#define percpu_init_rwsem(s)		(init_rwsem(&(s)->sem), 0)
#define percpu_free_rwsem(s)		((void)(s))
#define percpu_down_read(s)		down_read(&(s)->sem)
#define percpu_down_read_trylock(s)	down_read_trylock(&(s)->sem)
#define percpu_up_read(s)		up_read(&(s)->sem)
#define percpu_down_write(s)		down_write(&(s)->sem)
#define percpu_up_write(s)		up_write(&(s)->sem)

#endif
