// SPDX-License-Identifier: MIT
/*
 * Numbers from text. The kstrto* calls want the whole text to be a number;
 * the simple_* calls and memparse() take a number off its front.
 *
 * Differs from Linux: simple_strtoull() and memparse() saturate where Linux
 * wraps round, and memparse() leaves a suffix alone that no digit precedes.
 */
#include <linux/kstrtox.h>

#include <linux/ctype.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>

/* The digit's value, or a value that is in no base. */
static unsigned int digit_value(char c)
{
	if (isdigit(c))
		return (unsigned int)(c - '0');
	if (isalpha(c))
		return (unsigned int)(tolower(c) - 'a' + 10);
	return UINT_MAX;
}

/* Skips a prefix and settles base 0: 0x is hex, 0 octal, else decimal. */
static const char *number_base(const char *s, unsigned int *base)
{
	bool hex = s[0] == '0' && tolower(s[1]) == 'x' && isxdigit(s[2]);

	if (*base == 0)
		*base = hex ? 16 : s[0] == '0' ? 8 : 10;
	return *base == 16 && hex ? s + 2 : s;
}

/*
 * The digits at @s. Returns the first character that is none; @overflow tells
 * that the number does not fit, and *@res is U64_MAX then.
 */
static const char *number_digits(const char *s, unsigned int base, u64 *res,
				 bool *overflow)
{
	u64 n = 0;

	*overflow = false;
	for (; digit_value(*s) < base; s++) {
		unsigned int d = digit_value(*s);

		if (n > (U64_MAX - d) / base)
			*overflow = true;
		n = n * base + d;
	}
	*res = *overflow ? U64_MAX : n;
	return s;
}

static int number_whole(const char *s, unsigned int base, u64 *res)
{
	const char *start = number_base(s, &base);
	bool overflow;
	u64 n;

	s = number_digits(start, base, &n, &overflow);
	if (s == start)
		return -EINVAL;
	if (*s == '\n')
		s++;
	if (*s)
		return -EINVAL;
	if (overflow)
		return -ERANGE;
	*res = n;
	return 0;
}

int kstrtoull(const char *s, unsigned int base, unsigned long long *res)
{
	return number_whole(s + (*s == '+'), base, res);
}

int kstrtoll(const char *s, unsigned int base, long long *res)
{
	bool negative = *s == '-';
	unsigned long long n;
	int err = negative ? number_whole(s + 1, base, &n) :
			     kstrtoull(s, base, &n);

	if (err)
		return err;
	if (n > (u64)LLONG_MAX + negative)
		return -ERANGE;
	*res = negative ? (long long)-n : (long long)n;
	return 0;
}

/* The narrower types: what does not fit is out of range. */
#define NARROW_UNSIGNED(name, type)					\
int name(const char *s, unsigned int base, type *res)			\
{									\
	unsigned long long n;						\
	int err = kstrtoull(s, base, &n);				\
									\
	if (err)							\
		return err;						\
	if (n != (type)n)						\
		return -ERANGE;						\
	*res = (type)n;							\
	return 0;							\
}
#define NARROW_SIGNED(name, type)					\
int name(const char *s, unsigned int base, type *res)			\
{									\
	long long n;							\
	int err = kstrtoll(s, base, &n);				\
									\
	if (err)							\
		return err;						\
	if (n != (type)n)						\
		return -ERANGE;						\
	*res = (type)n;							\
	return 0;							\
}
NARROW_UNSIGNED(kstrtoul, unsigned long)
NARROW_UNSIGNED(kstrtouint, unsigned int)
NARROW_UNSIGNED(kstrtou16, u16)
NARROW_UNSIGNED(kstrtou8, u8)
NARROW_SIGNED(kstrtol, long)
NARROW_SIGNED(kstrtoint, int)
NARROW_SIGNED(kstrtos16, s16)
NARROW_SIGNED(kstrtos8, s8)

int kstrtobool(const char *s, bool *res)
{
	if (!s)
		return -EINVAL;
	switch (tolower(s[0])) {
	case 'y': case 't': case '1':
		*res = true;
		return 0;
	case 'n': case 'f': case '0':
		*res = false;
		return 0;
	case 'o':
		if (tolower(s[1]) != 'n' && tolower(s[1]) != 'f')
			return -EINVAL;
		*res = tolower(s[1]) == 'n';
		return 0;
	}
	return -EINVAL;
}

unsigned long long simple_strtoull(const char *s, char **endp,
				   unsigned int base)
{
	const char *start = number_base(s, &base);
	bool overflow;
	u64 n;

	start = number_digits(start, base, &n, &overflow);
	if (endp)
		*endp = (char *)start;
	return n;
}

unsigned long simple_strtoul(const char *s, char **endp, unsigned int base)
{
	unsigned long long n = simple_strtoull(s, endp, base);

	return n > ULONG_MAX ? ULONG_MAX : (unsigned long)n;
}

long long simple_strtoll(const char *s, char **endp, unsigned int base)
{
	return *s == '-' ? -(long long)simple_strtoull(s + 1, endp, base) :
			   (long long)simple_strtoull(s, endp, base);
}

long simple_strtol(const char *s, char **endp, unsigned int base)
{
	return (long)simple_strtoll(s, endp, base);
}

unsigned long long memparse(const char *s, char **endp)
{
	static const char suffixes[] = "kmgtpe";
	char *end;
	u64 n = simple_strtoull(s, &end, 0);

	if (end != s && *end) {
		const char *at = strchr(suffixes, tolower(*end));

		if (at) {
			unsigned int shift = 10 * (unsigned int)(at - suffixes + 1);

			n = n > U64_MAX >> shift ? U64_MAX : n << shift;
			end++;
		}
	}
	if (endp)
		*endp = end;
	return n;
}
