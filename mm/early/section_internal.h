/* SPDX-License-Identifier: MIT */
/* What the sparse models share; the theory stands in section.c. */
#ifndef _MM_EARLY_SECTION_INTERNAL_H
#define _MM_EARLY_SECTION_INTERNAL_H

#include "early.h"

/* Makes the table of sections and says which subsections are valid. */
void sections_setup(void);
/* Zeroed; stops the machine when there is no memory. Bytes. */
void *section_alloc(size_t bytes, int nid);

#endif
