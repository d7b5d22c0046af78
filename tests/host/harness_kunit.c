// SPDX-License-Identifier: MIT
/* The hosted half of the unit test runner: a fresh machine for each case. */
#include "harness.h"

#include <kunit/test.h>

/* Large enough for zones DMA and DMA32, small enough to start in no time. */
#define KUNIT_MEMORY	(128ULL << 20)

void harness_stdout(void *ctx, const char *s, size_t n);

static int before_case(void *ctx)
{
	return harness_machine_with(KUNIT_MEMORY, ctx);
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
		.options = options,
		.before = before_case,
		.after = after_case,
	};

	return kunit_run_all(&run);
}
