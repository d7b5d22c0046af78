// SPDX-License-Identifier: MIT
/*
 * Parameters of modules: text into variables and back.
 *
 * The command line holds "module.name=value"; "*.name=value" is for every
 * module that has such a parameter, and must find one. A `-` in a name is a
 * `_`. Each kind of variable has a pair of functions, which modules may call
 * from those of their own.
 *
 * Failure: a name that no module has, and a value that its kind does not take,
 * are reported; the module whose it is does not start.
 *
 * Differs from Linux: there are no files that show or change them later; a
 * string stays in memory of the machine, and is not the module's to free.
 */
#include "internal.h"

#include <linux/ctype.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/slab.h>
#include <linux/string.h>

#include <octavo/options.h>

/* Characters that a parameter's value may have when it is read. */
#define PARAM_TEXT	PAGE_SIZE

#define STANDARD_PARAM(name, type, format, parse)			\
int param_set_##name(const char *val, const struct kernel_param *kp)	\
{									\
	return val ? parse(val, 0, (type *)kp->arg) : -EINVAL;		\
}									\
int param_get_##name(char *buffer, const struct kernel_param *kp)	\
{									\
	return scnprintf(buffer, PARAM_TEXT, format "\n",		\
			 *(type *)kp->arg);				\
}									\
const struct kernel_param_ops param_ops_##name = {			\
	.set = param_set_##name, .get = param_get_##name,		\
}

STANDARD_PARAM(byte, unsigned char, "%hhu", kstrtou8);
STANDARD_PARAM(short, short, "%hd", kstrtos16);
STANDARD_PARAM(ushort, unsigned short, "%hu", kstrtou16);
STANDARD_PARAM(int, int, "%d", kstrtoint);
STANDARD_PARAM(uint, unsigned int, "%u", kstrtouint);
STANDARD_PARAM(long, long, "%ld", kstrtol);
STANDARD_PARAM(ulong, unsigned long, "%lu", kstrtoul);
STANDARD_PARAM(ullong, unsigned long long, "%llu", kstrtoull);
STANDARD_PARAM(hexint, unsigned int, "%#08x", kstrtouint);

int param_set_uint_minmax(const char *val, const struct kernel_param *kp,
			  unsigned int min, unsigned int max)
{
	unsigned int n;
	int err = val ? kstrtouint(val, 0, &n) : -EINVAL;

	if (err)
		return err;
	if (n < min || n > max)
		return -EINVAL;
	*(unsigned int *)kp->arg = n;
	return 0;
}

int param_set_charp(const char *val, const struct kernel_param *kp)
{
	if (!val)
		return -EINVAL;
	*(const char **)kp->arg = val;
	return 0;
}

int param_get_charp(char *buffer, const struct kernel_param *kp)
{
	const char *s = *(char **)kp->arg;

	return scnprintf(buffer, PARAM_TEXT, "%s\n", s ? s : "(null)");
}

const struct kernel_param_ops param_ops_charp = {
	.set = param_set_charp, .get = param_get_charp,
};

int param_set_bool(const char *val, const struct kernel_param *kp)
{
	return kstrtobool(val ? val : "1", kp->arg);
}

int param_get_bool(char *buffer, const struct kernel_param *kp)
{
	return scnprintf(buffer, PARAM_TEXT, "%c\n",
			 *(bool *)kp->arg ? 'Y' : 'N');
}

const struct kernel_param_ops param_ops_bool = {
	.flags = KERNEL_PARAM_OPS_FL_NOARG,
	.set = param_set_bool, .get = param_get_bool,
};

int param_set_invbool(const char *val, const struct kernel_param *kp)
{
	bool b;
	int err = kstrtobool(val, &b);

	if (!err)
		*(bool *)kp->arg = !b;
	return err;
}

int param_get_invbool(char *buffer, const struct kernel_param *kp)
{
	return scnprintf(buffer, PARAM_TEXT, "%c\n",
			 *(bool *)kp->arg ? 'N' : 'Y');
}

const struct kernel_param_ops param_ops_invbool = {
	.set = param_set_invbool, .get = param_get_invbool,
};

int param_set_bint(const char *val, const struct kernel_param *kp)
{
	bool b;
	int err = kstrtobool(val ? val : "1", &b);

	if (!err)
		*(int *)kp->arg = b;
	return err;
}

int param_get_bint(char *buffer, const struct kernel_param *kp)
{
	return param_get_int(buffer, kp);
}

const struct kernel_param_ops param_ops_bint = {
	.flags = KERNEL_PARAM_OPS_FL_NOARG,
	.set = param_set_bint, .get = param_get_bint,
};

int param_set_copystring(const char *val, const struct kernel_param *kp)
{
	if (!val || strlen(val) >= kp->str->maxlen)
		return val ? -ENOSPC : -EINVAL;
	strscpy(kp->str->string, val, kp->str->maxlen);
	return 0;
}

int param_get_string(char *buffer, const struct kernel_param *kp)
{
	return scnprintf(buffer, PARAM_TEXT, "%s\n", kp->str->string);
}

const struct kernel_param_ops param_ops_string = {
	.set = param_set_copystring, .get = param_get_string,
};

/* The @i-th element of an array as a parameter of its own. */
static struct kernel_param array_element(const struct kernel_param *kp,
					 unsigned int i)
{
	struct kernel_param e = *kp;

	e.ops = kp->arr->ops;
	e.arg = (char *)kp->arr->elem + (size_t)i * kp->arr->elemsize;
	return e;
}

/* Cuts the copy of @val in place, which charp elements go on pointing into. */
static int param_array_set(const char *val, const struct kernel_param *kp)
{
	const struct kparam_array *arr = kp->arr;
	unsigned int n = 0;
	char *text, *end;
	int err;

	if (!val)
		return -EINVAL;
	text = param_text_keep(val);
	if (!text)
		return -ENOMEM;
	for (;; text = end + 1, n++) {
		struct kernel_param e = array_element(kp, n);
		bool last;

		if (n == arr->max) {
			pr_err("%s: can only take %u arguments\n", kp->name,
			       arr->max);
			return -EINVAL;
		}
		end = text + strcspn(text, ",");
		last = !*end;
		*end = '\0';
		err = e.ops->set(text, &e);
		if (err)
			return err;
		if (last)
			break;
	}
	if (arr->num)
		*arr->num = n + 1;
	return 0;
}

static int param_array_get(char *buffer, const struct kernel_param *kp)
{
	unsigned int i, n = kp->arr->num ? *kp->arr->num : kp->arr->max;
	int len = 0;

	for (i = 0; i < n; i++) {
		struct kernel_param e = array_element(kp, i);

		/* A comma in the place of the newline before. */
		if (i)
			buffer[len - 1] = ',';
		len += e.ops->get(buffer + len, &e);
	}
	return len;
}

const struct kernel_param_ops param_array_ops = {
	.set = param_array_set, .get = param_array_get,
};

/* ---- the command line ------------------------------------------------- */

/* Whether the @n characters at @a are the name @b. */
static bool name_is(const char *a, size_t n, const char *b)
{
	for (; n && *b; n--, a++, b++)
		if (*a != *b && !((*a == '-' || *a == '_') &&
				  (*b == '-' || *b == '_')))
			return false;
	return !n && !*b;
}

static int param_give(const struct kernel_param *kp, const char *val)
{
	int err;

	if (!val && !(kp->ops->flags & KERNEL_PARAM_OPS_FL_NOARG))
		err = -EINVAL;
	else
		err = kp->ops->set(val, kp);
	if (err == -ENOSPC)
		pr_err("%s: `%s' too large for parameter `%s'\n",
		       module_name(kp->mod), val ? val : "", kp->name);
	else if (err)
		pr_err("%s: `%s' invalid for parameter `%s' (error %d)\n",
		       module_name(kp->mod), val ? val : "", kp->name, err);
	return err;
}

/* Gives "owner.name" its value; the modules it was for that refused it. */
static unsigned int param_word(const char *word, const char *val)
{
	const char *dot = strchr(word, '.');
	size_t owner = (size_t)(dot - word);
	bool any = owner == 1 && *word == '*', known = any, found = false;
	const struct kernel_param *kp;
	unsigned int refused = 0;
	struct module *const *m;

	for_each_module(m)
		known |= name_is(word, owner, (*m)->name);
	if (!known)
		return 0;	/* somebody else's */
	for_each_kernel_param(kp) {
		if (!any && !name_is(word, owner, module_name(kp->mod)))
			continue;
		if (!name_is(dot + 1, strlen(dot + 1), kp->name))
			continue;
		found = true;
		if (param_give(kp, val)) {
			refused++;
			if (kp->mod)
				kp->mod->failed = true;
		}
	}
	if (found)
		return refused;
	pr_err("%.*s: unknown parameter '%s'\n", any ? 7 : (int)owner,
	       any ? "modules" : word, dot + 1);
	return 1;
}

unsigned int module_params_apply(const char *cmdline)
{
	char *line = param_text_keep(cmdline), *name, *val;
	unsigned int refused = 0;

	if (!line) {
		pr_err("no memory for parameters\n");
		return 1;
	}
	while ((name = option_next(&line, &val))) {
		if (!val && !strcmp(name, "--"))
			break;
		if (strchr(name, '.'))
			refused += param_word(name, val);
	}
	return refused;
}
