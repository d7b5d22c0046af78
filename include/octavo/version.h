/* SPDX-License-Identifier: MIT */
#ifndef _OCTAVO_VERSION_H
#define _OCTAVO_VERSION_H

#define OCTAVO_VERSION	"0.1.0"
/* The Linux whose names, options and text formats are followed. */
#define OCTAVO_LINUX_VERSION "6.12.0"

#endif
