/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_GLOB_H
#define _LINUX_GLOB_H

#include <linux/types.h>

/*
 * Does all of @str match @pat? `*` stands for any text, `?` for any one
 * character, [a-c] for one of a class and [!a-c] for one outside it; `\`
 * takes the next character as it is. A class that is not closed is text.
 */
bool glob_match(const char *pat, const char *str);

#endif
