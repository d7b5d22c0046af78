// SPDX-License-Identifier: MIT
/*
 * MTRRs recorded as text, a register a line:
 *
 *	phys_bits 40
 *	0x0fe 0x508
 *	0x2ff: 0xc06
 *
 * Failure: a line that does not parse, or a value that the architecture does
 * not allow, is told to the caller with its number; the others are used.
 */
#include <asm/mtrr.h>

#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/string.h>

/* Longest line that can be right, with room for blanks. */
#define MTRR_LINE_MAX	64

/* The next word of *@p, NUL-terminated in place; NULL at the end. */
static char *mtrr_word(char **p)
{
	char *word = *p + strspn(*p, " \t\r:");

	if (!*word)
		return NULL;
	*p = word + strcspn(word, " \t\r:");
	if (**p)
		*(*p)++ = '\0';
	return word;
}

static const char *mtrr_parse_line(struct mtrr_state *m, char *line)
{
	char *name = mtrr_word(&line), *value, *rest;
	unsigned long long msr, v;

	value = mtrr_word(&line);
	rest = mtrr_word(&line);
	if (!value)
		return "has no value";
	if (rest)
		return "has more than a register and a value";
	if (!strcmp(name, "phys_bits")) {
		if (kstrtoull(value, 10, &v) || v < 32 || v > 52)
			return "is no width from 32 to 52";
		m->phys_bits = (u8)v;
		return NULL;
	}
	if (kstrtoull(name, 16, &msr) || kstrtoull(value, 16, &v))
		return "is not two hexadecimal numbers";
	switch (msr <= U32_MAX ? mtrr_state_set(m, (u32)msr, v) : -1) {
	case 0:
		return NULL;
	case -EINVAL:
		return "has a value that the register cannot have";
	default:
		return "is not a register of the MTRRs";
	}
}

unsigned int mtrr_parse(struct mtrr_state *m, const char *text, size_t len,
			void (*report)(void *ctx, unsigned int line,
				       const char *text, size_t n,
				       const char *reason), void *ctx)
{
	const char *end = text + len, *next;
	unsigned int number = 0, nr_bad = 0;
	const char *reason;
	char line[MTRR_LINE_MAX];
	size_t n;

	for (; text < end; text = next) {
		next = memchr(text, '\n', (size_t)(end - text));
		n = (size_t)((next ?: end) - text);
		next = next ? next + 1 : end;
		number++;
		if (n >= sizeof(line)) {
			reason = "is too long";
		} else {
			memcpy(line, text, n);
			line[n] = '\0';
			if (*skip_spaces(line) == '#' || !*skip_spaces(line))
				continue;
			reason = mtrr_parse_line(m, line);
		}
		if (!reason)
			continue;
		nr_bad++;
		if (report)
			report(ctx, number, text, n, reason);
	}
	mtrr_state_fix(m);
	return nr_bad;
}
