/* SPDX-License-Identifier: MIT */
#ifndef _TESTS_MACHINE_FILL_H
#define _TESTS_MACHINE_FILL_H

/* Leaves many objects with the caches of the machine that is bound. */
void machine_fill(void);

#endif
