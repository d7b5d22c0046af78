/* SPDX-License-Identifier: MIT */
/*
 * Tasks that are kept to some nodes. Their requests are served from those as
 * long as they last; then one with __GFP_HARDWALL fails, another goes
 * elsewhere. Who cannot wait, a dying task, a task that frees memory, and an
 * interrupt are not kept.
 */
#ifndef _LINUX_CPUSET_H
#define _LINUX_CPUSET_H

#include <linux/gfp_types.h>
#include <linux/nodemask.h>

struct zone;

/*
 * Keeps the current task to @nodes; none: lets it go anywhere. 0, or -EINVAL
 * when none of @nodes has memory. Task context.
 */
int set_mems_allowed(const nodemask_t *nodes);
/* Whether the current context may take pages of @zone with @gfp. Any context. */
bool cpuset_zone_allowed(const struct zone *zone, gfp_t gfp);

#endif
