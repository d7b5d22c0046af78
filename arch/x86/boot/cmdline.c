// SPDX-License-Identifier: MIT
/*
 * The command line, read in place through %fs.  Words are separated by spaces;
 * the last of several equal options counts.  A line that the loader put above
 * 1 MiB cannot be reached from real mode and reads as empty here; the kernel
 * still sees it.
 */
#include "boot.h"

#define REAL_MODE_END	0x100000u

/* Select the line and return its offset in %fs, or -1 if there is none. */
static int cmdline_select(void)
{
	u32 address = boot_params.hdr.cmd_line_ptr;

	if (!address || address >= REAL_MODE_END)
		return -1;
	set_fs((u16)(address >> 4));
	return (int)(address & 15);
}

u32 cmdline_length(void)
{
	int start = cmdline_select();
	u32 length = 0;

	if (start < 0)
		return 0;
	while (start + length < 0xffff && rdfs8((u16)(start + length)))
		length++;
	return length;
}

/* Does the word at `at` start with `name` and '='?  Offset of its value or 0. */
static int option_value(int at, const char *name)
{
	while (*name) {
		if (rdfs8((u16)at) != (u8)*name)
			return 0;
		at++;
		name++;
	}
	return rdfs8((u16)at) == '=' ? at + 1 : 0;
}

/* Copy the word at `at`; returns its full length. */
static int option_copy(int at, char *buffer, int size)
{
	int length = 0;
	u8 c;

	while ((c = rdfs8((u16)(at + length))) > ' ') {
		if (length < size - 1)
			buffer[length] = (char)c;
		length++;
	}
	buffer[length < size ? length : size - 1] = '\0';
	return length;
}

int cmdline_find_option(const char *name, char *buffer, int size)
{
	int end = (int)cmdline_length();
	int at = cmdline_select();
	int found = -1;
	int value;
	u8 before = ' ';

	if (at < 0)
		return -1;
	for (end += at; at < end; at++) {
		value = before <= ' ' ? option_value(at, name) : 0;
		if (value)
			found = option_copy(value, buffer, size);
		before = rdfs8((u16)at);
	}
	return found;
}
