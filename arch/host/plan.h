/* SPDX-License-Identifier: MIT */
/*
 * What a hosted machine shall be: the caller's options, checked, in the words
 * of a PC's firmware. Made before there is a machine, so that a wrong option
 * is told to the caller and costs nothing; read by setup.c while starting.
 */
#ifndef OCTAVO_HOST_PLAN_H
#define OCTAVO_HOST_PLAN_H

#include <linux/numa.h>
#include <linux/types.h>
#include <asm/e820/types.h>
#include <asm/machine.h>
#include <octavo/octavo.h>

/* Where a PC of QEMU's has devices below 4 GiB, and no RAM. */
#define PC_LOW_END		(3ULL << 30)
#define PC_ABOVE_4G		(4ULL << 30)

/* Addresses that 32 bits can name, with some for other things than RAM. */
#define HOST_LOWMEM_MAX		((4ULL << 30) - (128ULL << 20))

#define HOST_MAX_DEVICES	256	/* ranges that do not touch */

/* c: constant once the plan is made */
struct host_plan {
	const struct octavo_options *options;	/* c: the caller's */
	struct e820_table map;		/* c: sanitized */
	unsigned int nr_nodes;		/* c: 0: as the SRAT says */
	u64 node_end[MAX_NUMNODES];	/* c: bytes; where the next starts */
	unsigned int nr_cpus;		/* c: 0: as the MADT says */
	unsigned int nr_devices;	/* c: of devices[] */
	struct host_device devices[HOST_MAX_DEVICES];	/* c: in order, none
					 * touches the next */
};

/*
 * Checks @options and fills @plan, which keeps a pointer to them. 0, or the
 * error's code with @err filled.
 */
int host_plan_make(struct host_plan *plan, const struct octavo_options *options,
		   struct octavo_error *err);

/* The part of it that finds devices' memory; the map is made. */
int host_plan_devices(struct host_plan *plan, struct octavo_error *err);

/* What one bad line of a map may show of itself, in characters. */
#define HOST_LINE_SHOWN		80

/* How the caller calls @in; @what when he does not. */
static inline const char *host_input_name(const struct octavo_input *in,
					  const char *what)
{
	return in->name ? in->name : what;
}

/* Fills @err, returns @code. */
int __printf(3, 4) host_error(struct octavo_error *err, int code,
			      const char *fmt, ...);

#endif
