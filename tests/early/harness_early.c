// SPDX-License-Identifier: MIT
/* Runs the tests of mm/early, each on a machine that has not started. */
#include "../host/harness.h"

#include <kunit/test.h>

#include "early_machine.h"

void harness_stdout(void *ctx, const char *s, size_t n);

static int before_case(void *ctx)
{
	return harness_machine(EARLY_BYTES, false);
}

static void after_case(void *ctx)
{
	harness_machine_end();
}

int harness_kunit(const char *filter, uint64_t seed, const char *replay)
{
	struct kunit_run run = {
		.emit = harness_stdout,
		.filter = filter,
		.seed = seed,
		.replay = replay,
		.before = before_case,
		.after = after_case,
	};

	return kunit_run_all(&run);
}
