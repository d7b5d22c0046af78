/* SPDX-License-Identifier: MIT */
/*
 * A machine of 1 TiB in a process: make it, look at it, end it.
 *
 *	cc machine.c $(pkg-config --cflags --libs octavo) -o machine
 */
#include <stdio.h>

#include <octavo/octavo.h>

static void to_stdout(void *ctx, const char *s, size_t n)
{
	(void)ctx;
	fwrite(s, 1, n, stdout);
}

int main(void)
{
	struct octavo_options options = {
		.memory = (uint64_t)1 << 40, .nodes = 4, .cpus = 16,
	};
	struct octavo_error error;
	struct octavo_machine *m = octavo_machine_create(&options, &error);
	struct octavo_info info;

	if (!m) {
		fprintf(stderr, "machine: %s\n", error.text);
		return 1;
	}
	octavo_info(m, &info);
	printf("%u nodes, %u CPUs, %llu pages free, booted in %.1f ms\n",
	       info.nr_nodes, info.nr_cpus, (unsigned long long)info.free,
	       (double)info.boot_cpu_ns / 1e6);
	octavo_cat(m, "buddyinfo", to_stdout, NULL);
	octavo_machine_destroy(m);
	return 0;
}
