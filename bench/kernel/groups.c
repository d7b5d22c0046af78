// SPDX-License-Identifier: MIT
/* The cases of a kernel all of whose pages have an address. */
#include "measure.h"

#include <linux/stddef.h>

const struct bench_group *const bench_groups[] = {
	&bench_pages, &bench_objects, &bench_vmalloc, NULL
};
