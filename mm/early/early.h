/* SPDX-License-Identifier: MIT */
/* What the files of mm/early share and nobody else calls. */
#ifndef _MM_EARLY_EARLY_H
#define _MM_EARLY_EARLY_H

#include <linux/mmzone.h>

/* Finds room for every reserve_mem= whose turn has not come yet. */
void reserve_mem_setup(void);

#endif
