/* SPDX-License-Identifier: MIT */
/*
 * Parameters of modules: variables that the command line sets before a
 * module's init function runs, as "module.name=value" (module/params.c).
 *
 *  type    C type            text
 *  byte    unsigned char     a number, in base 10, 0x.. or 0..
 *  short ushort int uint long ulong ullong     the same
 *  hexint  unsigned int      the same; read back in hex
 *  charp   char *            any; the string stays the command line's
 *  bool    bool              y n 1 0 on off; alone it means y
 *  invbool bool              the contrary
 *  bint    int               0 or 1, from what bool takes
 */
#ifndef _LINUX_MODULEPARAM_H
#define _LINUX_MODULEPARAM_H

#include <linux/compiler.h>
#include <linux/types.h>

struct kernel_param;
struct module;

#define KERNEL_PARAM_OPS_FL_NOARG	(1U << 0)	/* "name" alone will do */

struct kernel_param_ops {
	unsigned int flags;		/* KERNEL_PARAM_OPS_FL_* */
	/* @val NULL: no value given. 0 or -errno. */
	int (*set)(const char *val, const struct kernel_param *kp);
	/* Writes the value as text to a page; characters, or -errno. */
	int (*get)(char *buffer, const struct kernel_param *kp);
	void (*free)(void *arg);	/* when its module goes; or NULL */
};

/* A char array that a string is copied into. */
struct kparam_string {
	unsigned int maxlen;		/* bytes with the NUL */
	char *string;
};

/* An array whose elements are separated by commas. */
struct kparam_array {
	unsigned int max;		/* elements */
	unsigned int elemsize;		/* bytes of one */
	unsigned int *num;		/* how many were given; or NULL */
	const struct kernel_param_ops *ops;	/* of an element */
	void *elem;
};

/* All constant. */
struct kernel_param {
	const char *name;
	struct module *mod;		/* whose it is */
	const struct kernel_param_ops *ops;
	u16 perm;			/* mode of its file; 0: has none */
	s8 level;			/* unused */
	u8 flags;			/* unused */
	union {
		void *arg;		/* the variable */
		const struct kparam_string *str;
		const struct kparam_array *arr;
	};
};

#define __MODULE_PARAM_ENTRY(_name, _id, _ops, _arg, _perm)		\
	static const struct kernel_param __param_##_id			\
	__used __aligned(sizeof(void *)) __section("octavo_module_params") = {	\
		.name = _name, .mod = THIS_MODULE, .ops = _ops,		\
		.perm = (_perm), .level = -1, .arg = (_arg) }

#define module_param_cb(_name, _ops, _arg, _perm)			\
	__MODULE_PARAM_ENTRY(#_name, _name, _ops, (void *)(_arg), _perm)
#define module_param_named(_name, _value, _type, _perm)			\
	param_check_##_type(_name, &(_value));				\
	__MODULE_PARAM_ENTRY(#_name, _name, &param_ops_##_type,		\
			     (void *)&(_value), _perm)
#define module_param(_name, _type, _perm)				\
	module_param_named(_name, _name, _type, _perm)
#define module_param_unsafe(_name, _type, _perm)			\
	module_param(_name, _type, _perm)
#define module_param_named_unsafe(_name, _value, _type, _perm)		\
	module_param_named(_name, _value, _type, _perm)
#define module_param_hw(_name, _type, _hw, _perm)			\
	module_param(_name, _type, _perm)
#define core_param(_name, _value, _type, _perm)				\
	module_param_named(_name, _value, _type, _perm)
#define module_param_string(_name, _string, _len, _perm)		\
	static const struct kparam_string __param_string_##_name =	\
		{ (_len), (_string) };					\
	__MODULE_PARAM_ENTRY(#_name, _name, &param_ops_string,		\
			     (void *)&__param_string_##_name, _perm)
#define module_param_array_named(_name, _array, _type, _nump, _perm)	\
	param_check_##_type(_name, &(_array)[0]);			\
	static const struct kparam_array __param_arr_##_name = {	\
		.max = sizeof(_array) / sizeof((_array)[0]),		\
		.elemsize = sizeof((_array)[0]),			\
		.num = (_nump), .ops = &param_ops_##_type,		\
		.elem = (_array) };					\
	__MODULE_PARAM_ENTRY(#_name, _name, &param_array_ops,		\
			     (void *)&__param_arr_##_name, _perm)
#define module_param_array(_name, _type, _nump, _perm)			\
	module_param_array_named(_name, _name, _type, _nump, _perm)

/* A variable of another type than the one that is named is an error. */
#define __param_check(name, p, type)					\
	static inline __always_unused type *__check_##name(void) { return (p); }
#define param_check_byte(name, p)	__param_check(name, p, unsigned char)
#define param_check_short(name, p)	__param_check(name, p, short)
#define param_check_ushort(name, p)	__param_check(name, p, unsigned short)
#define param_check_int(name, p)	__param_check(name, p, int)
#define param_check_uint(name, p)	__param_check(name, p, unsigned int)
#define param_check_long(name, p)	__param_check(name, p, long)
#define param_check_ulong(name, p)	__param_check(name, p, unsigned long)
#define param_check_ullong(name, p)					\
	__param_check(name, p, unsigned long long)
#define param_check_hexint(name, p)	__param_check(name, p, unsigned int)
#define param_check_charp(name, p)	__param_check(name, p, char *)
#define param_check_bool(name, p)	__param_check(name, p, bool)
#define param_check_invbool(name, p)	__param_check(name, p, bool)
#define param_check_bint(name, p)	__param_check(name, p, int)

#define __PARAM_TYPE(type)						\
	extern const struct kernel_param_ops param_ops_##type;		\
	int param_set_##type(const char *val, const struct kernel_param *kp); \
	int param_get_##type(char *buffer, const struct kernel_param *kp)
__PARAM_TYPE(byte);
__PARAM_TYPE(short);
__PARAM_TYPE(ushort);
__PARAM_TYPE(int);
__PARAM_TYPE(uint);
__PARAM_TYPE(long);
__PARAM_TYPE(ulong);
__PARAM_TYPE(ullong);
__PARAM_TYPE(hexint);
__PARAM_TYPE(charp);
__PARAM_TYPE(bool);
__PARAM_TYPE(invbool);
__PARAM_TYPE(bint);
extern const struct kernel_param_ops param_ops_string;
int param_set_copystring(const char *val, const struct kernel_param *kp);
int param_get_string(char *buffer, const struct kernel_param *kp);
extern const struct kernel_param_ops param_array_ops;
/* A number from @min to @max; -EINVAL for another. */
int param_set_uint_minmax(const char *val, const struct kernel_param *kp,
			  unsigned int min, unsigned int max);

#endif
