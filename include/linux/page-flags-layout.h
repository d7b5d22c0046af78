/* SPDX-License-Identifier: MIT */
/*
 * Where a page's flags word keeps its zone and its node.
 *
 *   31    29 28        23 22                                 0
 *   +-------+------------+-----------------------------------+
 *   | zone  |    node    |              PG_* flags           |
 *   +-------+------------+-----------------------------------+
 *
 * Three bits hold any of the at most eight zones, six any of 64 nodes. What
 * section a page belongs to follows from where its struct page lies, so that
 * no memory model needs bits for it.
 */
#ifndef _LINUX_PAGE_FLAGS_LAYOUT_H
#define _LINUX_PAGE_FLAGS_LAYOUT_H

#include <linux/numa.h>

#define ZONES_WIDTH	3
#define NODES_WIDTH	NODES_SHIFT
#define ZONES_PGSHIFT	(32 - ZONES_WIDTH)
#define NODES_PGSHIFT	(ZONES_PGSHIFT - NODES_WIDTH)
#define ZONES_MASK	((1U << ZONES_WIDTH) - 1)
#define NODES_MASK	((1U << NODES_WIDTH) - 1)

#endif
