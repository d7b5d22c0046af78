/* SPDX-License-Identifier: MIT */
#ifndef _ASM_POINT_H
#define _ASM_POINT_H

#define port_point()	((void)0)

#endif
