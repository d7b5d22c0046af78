// SPDX-License-Identifier: MIT
/*
 * Text formatting: C99's conversions for integers, characters and strings,
 * and the kernel's pointer extensions (lib/vsprintf_pointer.c).
 *
 *   % [-+ #0]* [width|*] [.[precision|*]] [hh|h|l|ll|L|z|t|j] [diouxXcsp%]
 *
 * Differs from C99, as Linux does: `%#x` of 0 is "0x0", so that columns of
 * addresses keep their shape, and there is no `%n`. A conversion that is not
 * known is printed as it stands and takes no argument.
 */
#include <linux/sprintf.h>

#include <linux/ctype.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "text.h"

void text_fill(struct text *t, char c, size_t n)
{
	size_t room = t->len + 1 < t->size ? t->size - 1 - t->len : 0;

	if (room)
		memset(t->buf + t->len, c, min(n, room));
	t->len += n;
}

static void text_put(struct text *t, const char *s, size_t n)
{
	size_t room = t->len + 1 < t->size ? t->size - 1 - t->len : 0;

	if (room)
		memcpy(t->buf + t->len, s, min(n, room));
	t->len += n;
}

void text_field(struct text *t, const struct text_spec *spec, const char *s,
		size_t n)
{
	size_t pad = spec->width > 0 && (size_t)spec->width > n ?
		     (size_t)spec->width - n : 0;

	if (!spec->left)
		text_fill(t, ' ', pad);
	text_put(t, s, n);
	if (spec->left)
		text_fill(t, ' ', pad);
}

/* What stands before the digits; its length. */
static size_t number_prefix(const struct text_spec *spec, u64 n, bool negative,
			    char prefix[3])
{
	size_t len = 0;

	if (spec->base == 10) {
		if (negative)
			prefix[len++] = '-';
		else if (spec->plus)
			prefix[len++] = '+';
		else if (spec->space)
			prefix[len++] = ' ';
	} else if (spec->prefix && (spec->base == 16 || n)) {
		prefix[len++] = '0';
		if (spec->base == 16)
			prefix[len++] = spec->upper ? 'X' : 'x';
	}
	return len;
}

/* The digits of @n into the end of @digits; how many. Zero has one. */
static size_t number_digits(const struct text_spec *spec, u64 n,
			    char digits[24])
{
	const char *set = spec->upper ? "0123456789ABCDEF" :
					"0123456789abcdef";
	size_t len = 0;

	do {
		digits[24 - ++len] = set[n % spec->base];
		n /= spec->base;
	} while (n);
	return len;
}

void text_number(struct text *t, const struct text_spec *spec, u64 n,
		 bool negative)
{
	char digits[24], prefix[3];	/* 22 octal digits of 64 bits fit */
	size_t nr_digits = number_digits(spec, n, digits);
	size_t nr_prefix = number_prefix(spec, n, negative, prefix);
	size_t zeros = 0, pad = 0, used;

	if (spec->precision == 0 && n == 0)
		nr_digits = 0;
	if (spec->precision > 0 && (size_t)spec->precision > nr_digits)
		zeros = (size_t)spec->precision - nr_digits;
	/* An octal number is told by a leading zero, and has one already. */
	if (spec->base == 8 && zeros)
		nr_prefix = 0;
	used = nr_prefix + zeros + nr_digits;
	if (spec->width > 0 && (size_t)spec->width > used)
		pad = (size_t)spec->width - used;
	if (spec->zero && !spec->left && spec->precision < 0) {
		zeros += pad;
		pad = 0;
	}
	if (!spec->left)
		text_fill(t, ' ', pad);
	text_put(t, prefix, nr_prefix);
	text_fill(t, '0', zeros);
	text_put(t, digits + 24 - nr_digits, nr_digits);
	if (spec->left)
		text_fill(t, ' ', pad);
}

void text_decimal(struct text *t, u64 n)
{
	const struct text_spec spec = { .base = 10, .precision = -1 };

	text_number(t, &spec, n, false);
}

/* The flags at @fmt; returns what follows them. */
static const char *spec_flags(const char *fmt, struct text_spec *spec)
{
	for (;; fmt++) {
		switch (*fmt) {
		case '-': spec->left = true; break;
		case '+': spec->plus = true; break;
		case ' ': spec->space = true; break;
		case '#': spec->prefix = true; break;
		case '0': spec->zero = true; break;
		default: return fmt;
		}
	}
}

/* A decimal at @fmt, held at INT_MAX; returns what follows it. */
static const char *spec_int(const char *fmt, int *res)
{
	s64 n = 0;

	for (; isdigit(*fmt); fmt++)
		n = min_t(s64, n * 10 + (*fmt - '0'), INT_MAX);
	*res = (int)n;
	return fmt;
}

/* The length modifier at @fmt; returns what follows it. */
static const char *spec_length(const char *fmt, struct text_spec *spec)
{
	switch (*fmt) {
	case 'h':
		spec->length = fmt[1] == 'h' ? 1 : 2;
		return fmt + (fmt[1] == 'h' ? 2 : 1);
	case 'l':
		spec->length = fmt[1] == 'l' ? sizeof(u64) : sizeof(long);
		return fmt + (fmt[1] == 'l' ? 2 : 1);
	case 'L':
	case 'j':
		spec->length = sizeof(u64);
		return fmt + 1;
	case 'z':
	case 't':
		spec->length = sizeof(size_t);
		return fmt + 1;
	}
	return fmt;
}

/* An argument list that helpers can take from. */
struct arguments {
	va_list list;
};

/* Flags, width, precision and length; returns the conversion character. */
static const char *spec_parse(const char *fmt, struct text_spec *spec,
			      struct arguments *args)
{
	*spec = (struct text_spec){ .base = 10, .precision = -1 };
	fmt = spec_flags(fmt, spec);
	if (*fmt == '*') {
		spec->width = va_arg(args->list, int);
		if (spec->width < 0) {
			spec->left = true;
			spec->width = spec->width == INT_MIN ? INT_MAX :
							       -spec->width;
		}
		fmt++;
	} else {
		fmt = spec_int(fmt, &spec->width);
	}
	if (*fmt == '.') {
		fmt++;
		if (*fmt == '*') {
			spec->precision = max(va_arg(args->list, int), -1);
			fmt++;
		} else {
			fmt = spec_int(fmt, &spec->precision);
		}
	}
	return spec_length(fmt, spec);
}

static void format_signed(struct text *t, const struct text_spec *spec,
			  struct arguments *args)
{
	s64 n;

	if (spec->length == sizeof(s64))
		n = va_arg(args->list, s64);
	else
		n = va_arg(args->list, int);
	if (spec->length == 1)
		n = (s8)n;
	else if (spec->length == 2)
		n = (s16)n;
	text_number(t, spec, n < 0 ? 0 - (u64)n : (u64)n, n < 0);
}

static void format_unsigned(struct text *t, struct text_spec *spec, char conv,
			    struct arguments *args)
{
	u64 n;

	if (spec->length == sizeof(u64))
		n = va_arg(args->list, u64);
	else
		n = va_arg(args->list, unsigned int);
	if (spec->length == 1)
		n = (u8)n;
	else if (spec->length == 2)
		n = (u16)n;
	spec->base = conv == 'o' ? 8 : conv == 'u' ? 10 : 16;
	spec->upper = conv == 'X';
	spec->plus = spec->space = false;
	text_number(t, spec, n, false);
}

static void format_string(struct text *t, const struct text_spec *spec,
			  const char *s)
{
	if (!s)
		s = "(null)";
	text_field(t, spec, s, spec->precision < 0 ? strlen(s) :
			       strnlen(s, (size_t)spec->precision));
}

/* The conversion at @fmt, behind its '%'; returns what follows it. */
static const char *format_one(struct text *t, const char *fmt,
			      struct arguments *args)
{
	const char *start = fmt;
	struct text_spec spec;
	char c;

	fmt = spec_parse(fmt, &spec, args);
	switch (*fmt) {
	case 'd':
	case 'i':
		format_signed(t, &spec, args);
		return fmt + 1;
	case 'u':
	case 'x':
	case 'X':
	case 'o':
		format_unsigned(t, &spec, *fmt, args);
		return fmt + 1;
	case 'c':
		c = (char)va_arg(args->list, int);
		text_field(t, &spec, &c, 1);
		return fmt + 1;
	case 's':
		format_string(t, &spec, va_arg(args->list, const char *));
		return fmt + 1;
	case 'p':
		fmt++;
		return fmt + text_pointer(t, &spec, fmt,
					  va_arg(args->list, void *));
	case '%':
		text_putc(t, '%');
		return fmt + 1;
	}
	text_putc(t, '%');
	text_put(t, start, (size_t)(fmt - start));
	return fmt;
}

int vsnprintf(char *buf, size_t size, const char *fmt, va_list ap)
{
	struct text t = { .buf = buf, .size = size };
	struct arguments args;

	va_copy(args.list, ap);
	while (*fmt) {
		if (*fmt == '%')
			fmt = format_one(&t, fmt + 1, &args);
		else
			text_putc(&t, *fmt++);
	}
	va_end(args.list);
	if (size)
		buf[min(t.len, size - 1)] = '\0';
	return (int)min_t(size_t, t.len, INT_MAX);
}

int snprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(buf, size, fmt, args);
	va_end(args);
	return n;
}

int sprintf(char *buf, const char *fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(buf, INT_MAX, fmt, args);
	va_end(args);
	return n;
}

int vscnprintf(char *buf, size_t size, const char *fmt, va_list args)
{
	int n = vsnprintf(buf, size, fmt, args);

	if (!size)
		return 0;
	return (size_t)n < size ? n : (int)(size - 1);
}

int scnprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = vscnprintf(buf, size, fmt, args);
	va_end(args);
	return n;
}
