// SPDX-License-Identifier: MIT
/*
 * The runner of unit tests, for every port.
 *
 * Suites are found in the section kunit_suites, run in the order in which
 * they were linked, and reported as KTAP version 1, a suite indented by four
 * blanks:
 *
 *   KTAP version 1
 *   1..1
 *       KTAP version 1
 *       # Subtest: list
 *       1..2
 *       ok 1 list_add_test
 *       # list_del_test: FILE:LINE: expected a == b, but 1 (0x1) and 2 (0x2)
 *       # list_del_test: replay: ... list.list_del_test seed=1
 *       not ok 2 list_del_test
 *   not ok 1 list
 *
 * A case that asserts in vain, or skips, jumps out of its calls back to the
 * runner, by a pair of the port's: the core has no setjmp. What was local to
 * the calls jumped over is lost, so a case frees nothing on that way; its
 * suite's exit() does.
 */
#include <kunit/test.h>

#include <linux/glob.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include <octavo/options.h>

#define KUNIT_LINE	512	/* characters of a report line */
#define KUNIT_NAME	192	/* of "suite.case" */

/* At least one suite is linked wherever this is (tests/unit). */
extern struct kunit_suite *const __start_kunit_suites[] __weak;
extern struct kunit_suite *const __stop_kunit_suites[] __weak;

/* Read when the kernel is up, by init; here since they stay known. */
known_param(kunit, "kunit");
known_param(kunit_seed, "kunit_seed");

static void __printf(3, 4) kunit_emit(struct kunit_run *run, int indent,
				      const char *fmt, ...)
{
	char line[KUNIT_LINE];
	va_list args;
	int n;

	n = scnprintf(line, sizeof(line), "%*s", indent, "");
	va_start(args, fmt);
	n += vscnprintf(line + n, sizeof(line) - (size_t)n, fmt, args);
	va_end(args);
	if (line[n - 1] != '\n')	/* cut: keep it one line */
		line[n - 1] = '\n';
	run->emit(run->ctx, line, (size_t)n);
}

/* Whether the @len characters at @word are a word of @options. */
static bool option_given(const char *options, const char *word, size_t len)
{
	const char *end;

	for (; *options; options = end) {
		options = skip_spaces(options);
		end = options + strcspn(options, " ");
		if ((size_t)(end - options) == len &&
		    !memcmp(options, word, len))
			return true;
	}
	return false;
}

/* Whether the run's machines have been given all that @needs says. */
static bool needs_met(const struct kunit_run *run, const char *needs)
{
	const char *options = run->options ? run->options : "", *end;

	for (; needs && *needs; needs = skip_spaces(end)) {
		end = needs + strcspn(needs, " ");
		if (!option_given(options, needs, (size_t)(end - needs)))
			return false;
	}
	return true;
}

static bool case_selected(const struct kunit_run *run,
			  const struct kunit_suite *suite,
			  const struct kunit_case *c)
{
	char name[KUNIT_NAME];

	if (!needs_met(run, suite->needs) || !needs_met(run, c->needs))
		return false;
	if (!run->filter)
		return true;
	if (!strchr(run->filter, '.'))
		return glob_match(run->filter, suite->name);
	scnprintf(name, sizeof(name), "%s.%s", suite->name, c->name);
	return glob_match(run->filter, name);
}

static unsigned int suite_selected(const struct kunit_run *run,
				   const struct kunit_suite *suite)
{
	const struct kunit_case *c;
	unsigned int n = 0;

	for (c = suite->test_cases; c->run_case; c++)
		n += case_selected(run, suite, c);
	return n;
}

/* What may jump out: the suite's init and the case itself. */
static void case_body(struct kunit *test, const struct kunit_suite *suite,
		      const struct kunit_case *c)
{
	int err = suite->init ? suite->init(test) : 0;

	if (err)
		kunit_fail(test, suite->name, 0, "init failed: %d", err);
	else
		c->run_case(test);
}

/* Returns 0, and once more with 1 when kunit_longjmp() is called. */
int __attribute__((__returns_twice__)) kunit_setjmp(void **jmp);
void __noreturn kunit_longjmp(void **jmp);

static noinline void kunit_call_guarded(struct kunit *test,
					const struct kunit_suite *suite,
					const struct kunit_case *c)
{
	if (!kunit_setjmp(test->jmp))
		case_body(test, suite, c);
}

/* The same for exit, which runs however the case ended. */
static noinline void kunit_exit_guarded(struct kunit *test,
					const struct kunit_suite *suite)
{
	if (!kunit_setjmp(test->jmp))
		suite->exit(test);
}

static void case_replay(struct kunit *test)
{
	if (test->run->replay)
		kunit_emit(test->run, 4, "# %s: replay: %s %s.%s seed=%llu\n",
			   test->name, test->run->replay, test->suite,
			   test->name, test->seed);
	else
		kunit_emit(test->run, 4,
			   "# %s: replay: kunit=%s.%s kunit_seed=%llu on the kernel's command line\n",
			   test->name, test->suite, test->name, test->seed);
}

static void case_report(struct kunit_run *run, const struct kunit *test,
			unsigned int number)
{
	switch (test->status) {
	case KUNIT_SUCCESS:
		run->passed++;
		kunit_emit(run, 4, "ok %u %s\n", number, test->name);
		break;
	case KUNIT_SKIPPED:
		run->skipped++;
		kunit_emit(run, 4, "ok %u %s # SKIP %s\n", number, test->name,
			   test->skip_reason);
		break;
	case KUNIT_FAILURE:
		run->failed++;
		kunit_emit(run, 4, "not ok %u %s\n", number, test->name);
		break;
	}
}

static void case_run(struct kunit_run *run, const struct kunit_suite *suite,
		     const struct kunit_case *c, unsigned int number)
{
	struct kunit test = {
		.name = c->name, .suite = suite->name, .run = run,
		.seed = run->seed ? run->seed : 1,
	};
	int err = run->before ? run->before(run->ctx) : 0;

	if (err) {
		kunit_fail(&test, suite->name, 0, "no machine: %d", err);
	} else {
		kunit_call_guarded(&test, suite, c);
		if (suite->exit)
			kunit_exit_guarded(&test, suite);
		if (run->after)
			run->after(run->ctx);
	}
	if (test.status == KUNIT_FAILURE)
		case_replay(&test);
	case_report(run, &test, number);
}

void kunit_run_suite(struct kunit_run *run, const struct kunit_suite *suite,
		     unsigned int number)
{
	unsigned int n = 0, failed = run->failed;
	const struct kunit_case *c;

	kunit_emit(run, 4, "KTAP version 1\n");
	kunit_emit(run, 4, "# Subtest: %s\n", suite->name);
	kunit_emit(run, 4, "1..%u\n", suite_selected(run, suite));
	for (c = suite->test_cases; c->run_case; c++)
		if (case_selected(run, suite, c))
			case_run(run, suite, c, ++n);
	kunit_emit(run, 0, "%s %u %s\n", run->failed == failed ? "ok" :
		   "not ok", number, suite->name);
}

int kunit_run_all(struct kunit_run *run)
{
	struct kunit_suite *const *s;
	unsigned int n = 0;

	for (s = __start_kunit_suites; s < __stop_kunit_suites; s++)
		n += suite_selected(run, *s) != 0;
	kunit_emit(run, 0, "KTAP version 1\n");
	kunit_emit(run, 0, "1..%u\n", n);
	n = 0;
	for (s = __start_kunit_suites; s < __stop_kunit_suites; s++)
		if (suite_selected(run, *s))
			kunit_run_suite(run, *s, ++n);
	kunit_emit(run, 0, "# Totals: pass:%u fail:%u skip:%u total:%u\n",
		   run->passed, run->failed, run->skipped,
		   run->passed + run->failed + run->skipped);
	return (int)run->failed;
}

static void kunit_say(struct kunit *test, const char *where, int line,
		      const char *fmt, va_list args)
{
	char text[KUNIT_LINE / 2];

	vscnprintf(text, sizeof(text), fmt, args);
	if (where)
		kunit_emit(test->run, 4, "# %s: %s:%d: %s\n", test->name,
			   where, line, text);
	else
		kunit_emit(test->run, 4, "# %s: %s\n", test->name, text);
}

void kunit_fail(struct kunit *test, const char *file, int line,
		const char *fmt, ...)
{
	va_list args;

	/* Threads of one case may fail at once: all say the same. */
	__atomic_store_n(&test->status, KUNIT_FAILURE, __ATOMIC_RELAXED);
	va_start(args, fmt);
	kunit_say(test, file, line, fmt, args);
	va_end(args);
}

void kunit_info(struct kunit *test, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	kunit_say(test, NULL, 0, fmt, args);
	va_end(args);
}

void kunit_abort(struct kunit *test)
{
	kunit_longjmp(test->jmp);
}

void kunit_skip(struct kunit *test, const char *reason)
{
	if (test->status == KUNIT_SUCCESS) {
		test->status = KUNIT_SKIPPED;
		test->skip_reason = reason;
	}
	kunit_abort(test);
}
