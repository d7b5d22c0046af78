/* SPDX-License-Identifier: MIT */
#ifndef _MM_EARLY_VALID_MAP_H
#define _MM_EARLY_VALID_MAP_H

/*
 * Makes pfn_valid()'s map of FLATMEM and DISCONTIGMEM: a bit for each
 * pageblock from PFN 0 to the end of memory, set where there is memory. Stops
 * the machine when there is no room.
 */
void valid_map_setup(void);

#endif
