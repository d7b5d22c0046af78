// SPDX-License-Identifier: MIT
/* The runner of death tests: see death.h. */
#include "death.h"

#include <linux/glob.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include <octavo/machine.h>

#include "harness.h"
#include "host.h"
#include "os/include/host_os.h"

#define DEATH_MEMORY	(64ULL << 20)
#define LINE_MAX_BYTES	1024

void harness_stdout(void *ctx, const char *s, size_t n);
int death_run(const char *filter);

extern const struct death_case *const __start_death_cases[];
extern const struct death_case *const __stop_death_cases[];

static void __printf(1, 2) say(const char *fmt, ...)
{
	char line[LINE_MAX_BYTES];
	va_list args;
	int n;

	va_start(args, fmt);
	n = vscnprintf(line, sizeof(line), fmt, args);
	va_end(args);
	harness_stdout(NULL, line, (size_t)n);
}

struct search {
	const struct death_case *c;
	bool found[DEATH_LINES];
};

/* "[    0.000000] message\n": does the message match? */
static void match_line(void *ctx, const char *s, size_t n)
{
	struct search *search = ctx;
	char line[LINE_MAX_BYTES];
	const char *text;
	int i;

	n = min(n, sizeof(line) - 1);
	memcpy(line, s, n);
	line[n] = '\0';
	line[strcspn(line, "\n")] = '\0';
	text = strstr(line, "] ");
	for (i = 0; text && i < DEATH_LINES && search->c->lines[i]; i++)
		if (glob_match(search->c->lines[i], text + 2))
			search->found[i] = true;
}

static void show_line(void *ctx, const char *s, size_t n)
{
	say("# %.*s", (int)n, s);
}

static void call(void *arg)
{
	const struct death_case *c = arg;

	c->fn();
}

/*
 * NULL when all is as it must be, else what is wrong; the line that was not
 * found goes to @missing.
 */
static const char *death_try(const struct death_case *c, const char **missing)
{
	struct search search = { .c = c };
	int thrown = host_catch(call, (void *)c), i;

	log_for_each(match_line, &search);
	if (thrown && thrown != HOST_THROW_PANIC)
		return "ended otherwise than by a panic";
	if (thrown && c->end == SURVIVES)
		return "the machine panicked, and should have gone on";
	if (!thrown && c->end == DIES)
		return "the call returned, and should have panicked";
	for (i = 0; i < DEATH_LINES && c->lines[i]; i++) {
		*missing = c->lines[i];
		if (!search.found[i])
			return "the expected line is not in the log";
	}
	return NULL;
}

static bool death_one(const struct death_case *c, unsigned int number)
{
	const char *wrong, *missing = c->lines[0];
	int err = harness_machine_with(DEATH_MEMORY, c->options);

	if (err) {
		say("# no machine: error %d\nnot ok %u %s\n", err, number,
		    c->name);
		return false;
	}
	wrong = death_try(c, &missing);
	if (wrong) {
		log_for_each(show_line, NULL);
		say("# %s: %s\n# expected: %s\n", c->name, wrong, missing);
	}
	say("%s %u %s\n", wrong ? "not ok" : "ok", number, c->name);
	harness_machine_end();
	return !wrong;
}

int death_run(const char *filter)
{
	const struct death_case *const *c;
	unsigned int n = 0, failed = 0;

	for (c = __start_death_cases; c < __stop_death_cases; c++)
		n += !filter || glob_match(filter, (*c)->name);
	say("TAP version 13\n1..%u\n", n);
	n = 0;
	for (c = __start_death_cases; c < __stop_death_cases; c++)
		if (!filter || glob_match(filter, (*c)->name))
			failed += !death_one(*c, ++n);
	return failed != 0;
}
