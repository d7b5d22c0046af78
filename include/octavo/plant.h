/* SPDX-License-Identifier: MIT */
/*
 * Planted bugs: mistakes that one could make, each at its place in the code
 * behind PLANT(name), which is a constant false but in the simulated build.
 * There a test switches one on at a time and must find it (tests/sim).
 *
 * A name says what is wrong. docs/simulation.md tells more.
 */
#ifndef _OCTAVO_PLANT_H
#define _OCTAVO_PLANT_H

#include <asm/point.h>

/* X(name, what is wrong) */
#define PLANTS(X)

#define PLANT_ID(name, text)	PLANT_##name,
enum plant { PLANT_NONE, PLANTS(PLANT_ID) NR_PLANTS };
#undef PLANT_ID

#define PLANT(name)	unlikely(port_planted(PLANT_##name))

#endif
