// SPDX-License-Identifier: MIT
/*
 * The environment: read once, and not at all by programs that have rights
 * which their caller has not.
 *
 *   OCTAVO_MALLOC_LIMIT=512M   bytes, or with K, M, G, T; 0: none
 *   OCTAVO_MALLOC_STATS=1      statistics on stderr at exit; =json: as JSON
 *   OCTAVO_MALLOC_ABORT=0      wrong frees are reported and let pass
 *   OCTAVO_MALLOC_DECAY=200    ms until free memory goes back; 0: only when
 *                              malloc_trim() asks for it
 *
 * A bad value is reported in one line and is as if it were not set.
 */
#include "malloc.h"

#include <linux/kstrtox.h>
#include <linux/string.h>

/* A limit below this has no room for the library itself. */
#define LIMIT_MIN	(1UL << 20)
/* An hour. */
#define DECAY_MAX	3600000U

struct malloc_options options;

static void bad_value(const char *name, const char *value, const char *why)
{
	say("%s=%.100s: %s: ignored", name, value, why);
}

static void read_limit(const char *name, const char *value)
{
	char *end;
	unsigned long long bytes;

	bytes = memparse(value, &end);
	if (end == value || *end || value[0] == '-')
		bad_value(name, value, "not a size such as 512M");
	else if (bytes && bytes < LIMIT_MIN)
		bad_value(name, value, "less than 1M");
	else
		giveback.limit = bytes > MALLOC_MAX ? 0 : (size_t)bytes;
}

static void read_stats(const char *name, const char *value)
{
	options.json = !strcmp(value, "json");
	options.stats = options.json || !strcmp(value, "1");
	if (!options.stats && strcmp(value, "0"))
		bad_value(name, value, "neither 0, 1 nor json");
}

static void read_abort(const char *name, const char *value)
{
	if (strcmp(value, "0") && strcmp(value, "1"))
		bad_value(name, value, "neither 0 nor 1");
	options.go_on = !strcmp(value, "0");
}

static void read_decay(const char *name, const char *value)
{
	unsigned int ms;

	if (kstrtouint(value, 10, &ms) || ms > DECAY_MAX)
		bad_value(name, value,
			  "not a number of milliseconds up to 3600000");
	else
		giveback.decay = ms;
}

static void write_at_exit(void)
{
	stats_write(options.stats_fd, options.json);
}

void options_read(void)
{
	static const struct {
		const char *name;
		void (*read)(const char *name, const char *value);
	} known[] = {
		{ "OCTAVO_MALLOC_LIMIT", read_limit },
		{ "OCTAVO_MALLOC_STATS", read_stats },
		{ "OCTAVO_MALLOC_ABORT", read_abort },
		{ "OCTAVO_MALLOC_DECAY", read_decay },
	};
	const char *value;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(known); i++) {
		value = os_getenv(known[i].name);
		if (value)
			known[i].read(known[i].name, value);
	}
	if (options.stats) {
		options.stats_fd = os_keep_stderr();
		os_at_exit(write_at_exit);
	}
}
