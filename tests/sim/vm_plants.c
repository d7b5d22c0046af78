// SPDX-License-Identifier: MIT
/* The planted bugs that the kernel mappings' program must find. */
#include "sim_test.h"

#include <linux/kernel.h>

#include <octavo/plant.h>

#define PLANT_TEXT(name, text)	{ PLANT_##name, #name, text },

const struct plant_text plants[] = { KVIRT_PLANTS(PLANT_TEXT) };
const unsigned int nr_plants = ARRAY_SIZE(plants);
