// SPDX-License-Identifier: MIT
/* Runs the tests of mm/early, each on a machine that has not started. */
#include "../host/harness.h"

#include <kunit/test.h>
#include <linux/init.h>

#include "early_machine.h"

void harness_stdout(void *ctx, const char *s, size_t n);

static int before_case(void *ctx)
{
	int err = harness_machine(EARLY_BYTES, false);

	if (!err && ctx)
		parse_early_options(ctx);
	return err;
}

static void after_case(void *ctx)
{
	harness_machine_end();
}

int harness_kunit(const char *filter, uint64_t seed, const char *options,
		  const char *replay)
{
	struct kunit_run run = {
		.emit = harness_stdout,
		.filter = filter,
		.seed = seed,
		.replay = replay,
		.ctx = (void *)options,
		.before = before_case,
		.after = after_case,
	};

	return kunit_run_all(&run);
}
