/* SPDX-License-Identifier: MIT */
#ifndef _ASM_PROC_FILES_H
#define _ASM_PROC_FILES_H

/* Files of /proc and of debugfs that a port adds. */
#define PORT_PROC_FILES
#define PORT_DEBUG_FILES

#endif
