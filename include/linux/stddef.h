/* SPDX-License-Identifier: MIT */
#ifndef __KERNEL__	/* octavo/kernel.h */
#include_next <linux/stddef.h>
#elif !defined(_OCTAVO_LINUX_STDDEF_H)
#define _OCTAVO_LINUX_STDDEF_H

#include <stddef.h>
#include <linux/compiler.h>
#include <linux/types.h>

#define sizeof_field(type, member)	sizeof(((type *)0)->member)
#define offsetofend(type, member)					\
	(offsetof(type, member) + sizeof_field(type, member))
#define struct_group(name, members...)					\
	union { struct { members }; struct { members } name; }
#define DECLARE_FLEX_ARRAY(type, name)					\
	struct { struct { } __empty_##name; type name[]; }

#endif
