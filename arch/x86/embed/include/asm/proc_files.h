/* SPDX-License-Identifier: MIT */
#ifndef _ASM_PROC_FILES_H
#define _ASM_PROC_FILES_H

/* Files of /proc that a port adds. */
#define PORT_PROC_FILES

#endif
