// SPDX-License-Identifier: MIT
/* The cases of a kernel with pages outside its direct map. */
#include "measure.h"

#include <linux/stddef.h>

const struct bench_group *const bench_groups[] = {
	&bench_pages, &bench_objects, &bench_vmalloc, &bench_highmem, NULL
};
