// SPDX-License-Identifier: MIT
/*
 * The command line: any bytes, through the cutting into words, every option's
 * handler, and the report of what nobody knows.
 */
#include <linux/kernel.h>
#include <linux/string.h>

#include <octavo/log.h>
#include <octavo/machine.h>
#include <octavo/options.h>

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

/* Each word lies behind the one before, with its value, inside the text. */
static void check_words(char *text, size_t size)
{
	char *line = text, *name, *val, *last = text;

	while ((name = option_next(&line, &val))) {
		if (name < last || line > text + size || name > line ||
		    (val && (val <= name || val > line)))
			__builtin_trap();
		last = name;
	}
	if (*line || val)
		__builtin_trap();
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	char *text = __builtin_malloc(size + 1), value[16] = "";

	memcpy(text, data, size);
	text[size] = '\0';
	console_loglevel_set(0);
	parse_early_options(text);
	console_loglevel_set(0);
	report_unknown_options(text);
	option_get(text, "mem", value, sizeof(value));
	if (strnlen(value, sizeof(value)) >= sizeof(value))
		__builtin_trap();
	log_check(&this_machine()->log);
	check_words(text, size);
	__builtin_free(text);
	return 0;
}
