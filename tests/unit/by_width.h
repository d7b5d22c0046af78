/* SPDX-License-Identifier: MIT */
/* What depends on the width of a word: @wide of 64 bits, @narrow of 32. */
#ifndef _TESTS_BY_WIDTH_H
#define _TESTS_BY_WIDTH_H

#define BY_WIDTH(wide, narrow)	(sizeof(long) == 8 ? (wide) : (narrow))
/* A number of at most eight digits as %p has it. */
#define POINTER_TEXT_IN(before, digits, behind)				\
	BY_WIDTH(before "00000000" digits behind, before digits behind)
#define POINTER_TEXT(digits)	POINTER_TEXT_IN("", digits, "")

#endif
