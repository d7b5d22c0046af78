// SPDX-License-Identifier: MIT
/*
 * What a fuzz target stands on, with libFuzzer and without: a machine that
 * has not been started, bound to the thread. A panic
 * shows the end of its log.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "../host/harness.h"

#define FUZZ_MEMORY	(64ULL << 20)

int LLVMFuzzerInitialize(int *argc, char ***argv);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	int err = harness_machine(FUZZ_MEMORY, false);

	(void)argc;
	(void)argv;
	if (!err) {
		atexit(harness_machine_end);
		return 0;
	}
	fprintf(stderr, "no machine: error %d\n", err);
	exit(2);
}
