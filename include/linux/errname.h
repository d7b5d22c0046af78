/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_ERRNAME_H
#define _LINUX_ERRNAME_H

#include <linux/types.h>

/* "ENOMEM" of 12, "-ENOMEM" of -12; NULL for what has no name. */
const char *errname(int err);

#endif
