// SPDX-License-Identifier: MIT
/*
 * Patterns of file-name style. After a `*` the rest is tried at each place;
 * only the last `*` ever needs to be tried again, since an earlier one that
 * could take more would leave the later one less. So the time is at most
 * pattern times text, and there is no recursion.
 */
#include <linux/glob.h>

/*
 * Does @c belong to the class that starts behind the '[' at @pat? Returns the
 * character behind its ']', NULL when it has none.
 */
static const char *class_match(const char *pat, char c, bool *match)
{
	bool invert = *++pat == '!';
	const char *p = pat + invert;
	bool found = false;

	do {
		char lo = *p, hi;

		if (!lo)
			return NULL;
		hi = lo;
		p++;
		if (p[0] == '-' && p[1] && p[1] != ']') {
			hi = p[1];
			p += 2;
		}
		found |= (lo <= c && c <= hi);
	} while (*p != ']');
	*match = found != invert;
	return p + 1;
}

/*
 * One element of the pattern, not a '*', against @c. Returns the next
 * element, NULL when it does not match.
 */
static const char *one_match(const char *pat, char c)
{
	const char *next;
	bool match;

	switch (*pat) {
	case '?':
		return pat + 1;
	case '[':
		next = class_match(pat, c, &match);
		if (next)
			return match ? next : NULL;
		break;
	case '\\':
		if (pat[1])
			pat++;
		break;
	}
	return *pat == c ? pat + 1 : NULL;
}

bool glob_match(const char *pat, const char *str)
{
	const char *star_pat = NULL, *star_str = NULL, *next;

	while (*str) {
		if (*pat == '*') {
			star_pat = ++pat;
			star_str = str;
			continue;
		}
		next = *pat ? one_match(pat, *str) : NULL;
		if (next) {
			pat = next;
			str++;
		} else if (star_pat) {
			pat = star_pat;
			str = ++star_str;
		} else {
			return false;
		}
	}
	while (*pat == '*')
		pat++;
	return !*pat;
}
