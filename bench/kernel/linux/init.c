// SPDX-License-Identifier: MIT
/*
 * The only program of the Linux that is measured: loads /kernel_bench.ko, whose
 * start-up measures and ends with EAGAIN, and turns the machine off. Anything
 * else is one line on the console. Its arguments, the words after `--` among
 * the kernel's options, are the module's.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/reboot.h>
#include <sys/syscall.h>
#include <unistd.h>

#define MODULE	"/kernel_bench.ko"
#define SETTLE_S 3	/* for what Linux puts off until it has started */

int main(int argc, char **argv)
{
	const char *options = argc > 1 ? argv[1] : "";
	int fd = open(MODULE, O_RDONLY | O_CLOEXEC);

	sleep(SETTLE_S);
	if (fd < 0)
		printf("bench: " MODULE ": %s\n", strerror(errno));
	else if (!syscall(SYS_finit_module, fd, options, 0) || errno != EAGAIN)
		printf("bench: loading " MODULE ": %s\n", strerror(errno));
	fflush(stdout);
	sync();
	reboot(RB_POWER_OFF);
	printf("bench: power off: %s\n", strerror(errno));
	return 1;
}
