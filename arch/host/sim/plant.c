// SPDX-License-Identifier: MIT
/* Which planted bug is there (octavo/plant.h). */
#include "sim.h"

#include <asm/point.h>

static int planted;

void sim_plant(int plant)
{
	planted = plant;
}

bool sim_planted(int plant)
{
	return planted == plant;
}
