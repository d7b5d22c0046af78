/* SPDX-License-Identifier: MIT */
/* Branches that rarely change: a variable here, where Linux patches code. */
#ifndef _LINUX_JUMP_LABEL_H
#define _LINUX_JUMP_LABEL_H

#include <linux/atomic.h>

struct static_key {
	atomic_t enabled;
};
struct static_key_true {
	struct static_key key;
};
struct static_key_false {
	struct static_key key;
};

#define STATIC_KEY_TRUE_INIT	{ .key = { .enabled = ATOMIC_INIT(1) } }
#define STATIC_KEY_FALSE_INIT	{ .key = { .enabled = ATOMIC_INIT(0) } }
#define DEFINE_STATIC_KEY_TRUE(name)					\
	struct static_key_true name = STATIC_KEY_TRUE_INIT
#define DEFINE_STATIC_KEY_FALSE(name)					\
	struct static_key_false name = STATIC_KEY_FALSE_INIT
#define DECLARE_STATIC_KEY_TRUE(name)	extern struct static_key_true name
#define DECLARE_STATIC_KEY_FALSE(name)	extern struct static_key_false name

#define static_key_enabled(k)		(atomic_read(&(k)->key.enabled) > 0)
#define static_branch_likely(k)		likely(static_key_enabled(k))
#define static_branch_unlikely(k)	unlikely(static_key_enabled(k))
#define static_branch_enable(k)		atomic_set(&(k)->key.enabled, 1)
#define static_branch_disable(k)	atomic_set(&(k)->key.enabled, 0)
#define static_branch_inc(k)		atomic_inc(&(k)->key.enabled)
#define static_branch_dec(k)		atomic_dec(&(k)->key.enabled)

#endif
