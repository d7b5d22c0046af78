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
#include <linux/kthread.h>
#include <linux/string.h>

#include <octavo/options.h>

#define KUNIT_LINE	512	/* characters of a report line */
#define KUNIT_NAME	384	/* of "suite.case" */

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
		kunit_emit(test->run, test->indent, "# %s: replay: %s %s.%s seed=%llu\n",
			   test->name, test->run->replay, test->suite,
			   test->name, test->seed);
	else
		kunit_emit(test->run, test->indent,
			   "# %s: replay: kunit=%s.%s kunit_seed=%llu on the kernel's command line\n",
			   test->name, test->suite, test->name, test->seed);
}

/* @name: of the case, or of its parameter. */
static void case_report(struct kunit_run *run, const struct kunit *test,
			unsigned int number, const char *name)
{
	switch (test->status) {
	case KUNIT_SUCCESS:
		run->passed++;
		kunit_emit(run, test->indent, "ok %u %s\n", number, name);
		break;
	case KUNIT_SKIPPED:
		run->skipped++;
		kunit_emit(run, test->indent, "ok %u %s # SKIP %s\n", number,
			   name, test->status_comment);
		break;
	case KUNIT_FAILURE:
		run->failed++;
		kunit_emit(run, test->indent, "not ok %u %s\n", number, name);
		break;
	}
}

/* Once; with @param, which is the @index-th and called @name. */
static void case_run(struct kunit_run *run, const struct kunit_suite *suite,
		     const struct kunit_case *c, const void *param, int index,
		     const char *name)
{
	struct kunit test = {
		.name = c->name, .suite = suite->name, .run = run,
		.seed = run->seed ? run->seed : 1,
		.param_value = param, .param_index = index,
		.indent = c->generate_params ? 8 : 4,
		.resources = LIST_HEAD_INIT(test.resources),
	};
	int err = run->before ? run->before(run->ctx) : 0;

	if (err) {
		kunit_fail(&test, suite->name, 0, "no machine: %d", err);
	} else {
		test.task = current;
		if (current)
			current->kunit_test = &test;
		kunit_call_guarded(&test, suite, c);
		if (suite->exit)
			kunit_exit_guarded(&test, suite);
		if (test.cleanup)
			test.cleanup(&test);
		if (current)
			current->kunit_test = NULL;
		if (run->after)
			run->after(run->ctx);
	}
	if (test.status == KUNIT_FAILURE)
		case_replay(&test);
	case_report(run, &test, (unsigned int)index + 1, name);
}

/* For each parameter, as a test below that of the case. */
static void case_run_params(struct kunit_run *run,
			    const struct kunit_suite *suite,
			    const struct kunit_case *c, unsigned int number)
{
	unsigned int failed = run->failed, skipped = run->skipped;
	char desc[KUNIT_PARAM_DESC_SIZE] = "";
	const void *param = NULL;
	int index = 0;

	kunit_emit(run, 8, "KTAP version 1\n");
	kunit_emit(run, 8, "# Subtest: %s\n", c->name);
	while ((param = c->generate_params(param, desc))) {
		if (!desc[0])
			scnprintf(desc, sizeof(desc), "param-%d", index);
		case_run(run, suite, c, param, index++, desc);
		desc[0] = '\0';
	}
	if (!index) {
		run->skipped++;
		kunit_emit(run, 4, "ok %u %s # SKIP no parameters\n", number,
			   c->name);
		return;
	}
	kunit_emit(run, 4, "%s %u %s%s\n",
		   run->failed == failed ? "ok" : "not ok", number, c->name,
		   run->skipped - skipped == (unsigned int)index ?
		   " # SKIP" : "");
}

/* A suite that does not start fails all its cases. */
static void suite_fail(struct kunit_run *run, const struct kunit_suite *suite,
		       int err)
{
	const struct kunit_case *c;
	unsigned int n = 0;

	kunit_emit(run, 4, "# %s: suite_init failed: error %d\n",
		   suite->name, err);
	for (c = suite->test_cases; c->run_case; c++) {
		if (!case_selected(run, suite, c))
			continue;
		run->failed++;
		kunit_emit(run, 4, "not ok %u %s\n", ++n, c->name);
	}
}

static void suite_cases(struct kunit_run *run, const struct kunit_suite *suite)
{
	const struct kunit_case *c;
	unsigned int n = 0;

	for (c = suite->test_cases; c->run_case; c++) {
		if (!case_selected(run, suite, c))
			continue;
		if (c->generate_params)
			case_run_params(run, suite, c, ++n);
		else
			case_run(run, suite, c, NULL, (int)n++, c->name);
	}
}

void kunit_run_suite(struct kunit_run *run, const struct kunit_suite *suite,
		     unsigned int number)
{
	/* suite_init and suite_exit get what they may write. */
	struct kunit_suite *own = (struct kunit_suite *)suite;
	unsigned int failed = run->failed;
	int err;

	kunit_emit(run, 4, "KTAP version 1\n");
	kunit_emit(run, 4, "# Subtest: %s\n", suite->name);
	kunit_emit(run, 4, "1..%u\n", suite_selected(run, suite));
	err = suite->suite_init ? suite->suite_init(own) : 0;
	if (err) {
		suite_fail(run, suite, err);
	} else {
		suite_cases(run, suite);
		if (suite->suite_exit)
			suite->suite_exit(own);
	}
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

static void __printf(4, 0)
kunit_say(struct kunit *test, const char *where, int line, const char *fmt,
	  va_list args)
{
	char text[KUNIT_LINE / 2];
	int n = vscnprintf(text, sizeof(text), fmt, args);

	/* The line ends with the report's own newline. */
	while (n && text[n - 1] == '\n')
		text[--n] = '\0';
	if (where)
		kunit_emit(test->run, test->indent, "# %s: %s:%d: %s\n",
			   test->name, where, line, text);
	else
		kunit_emit(test->run, test->indent, "# %s: %s\n", test->name,
			   text);
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
	if (current != test->task)
		kthread_exit(0);
	kunit_longjmp(test->jmp);
}

static void __printf(2, 0)
kunit_set_skipped(struct kunit *test, const char *fmt, va_list args)
{
	if (test->status == KUNIT_FAILURE)
		return;
	test->status = KUNIT_SKIPPED;
	vscnprintf(test->status_comment, sizeof(test->status_comment), fmt,
		   args);
}

void kunit_mark_skipped(struct kunit *test, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	kunit_set_skipped(test, fmt, args);
	va_end(args);
}

void kunit_skip(struct kunit *test, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	kunit_set_skipped(test, fmt, args);
	va_end(args);
	kunit_abort(test);
}
