/* SPDX-License-Identifier: MIT */
/* Numbers from text. */
#ifndef _LINUX_KSTRTOX_H
#define _LINUX_KSTRTOX_H

#include <linux/types.h>

/*
 * The whole of @s (one trailing newline allowed) is a number in @base (0:
 * 0x is hex, 0 octal). 0, -EINVAL for other text, -ERANGE when too large.
 */
int kstrtoull(const char *s, unsigned int base, unsigned long long *res);
int kstrtoul(const char *s, unsigned int base, unsigned long *res);
int kstrtoint(const char *s, unsigned int base, int *res);
int kstrtouint(const char *s, unsigned int base, unsigned int *res);
int kstrtobool(const char *s, bool *res);

/* The leading number of @s; *endp is the first character after it. */
unsigned long long simple_strtoull(const char *s, char **endp,
				   unsigned int base);
unsigned long simple_strtoul(const char *s, char **endp, unsigned int base);
/* A number with a suffix K, M, G, T, P or E; saturates at U64_MAX. */
unsigned long long memparse(const char *s, char **endp);

#endif
