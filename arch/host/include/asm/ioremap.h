/* SPDX-License-Identifier: MIT */
/* What ioremap() must know of the port; octavo/port.h has the contract. */
#ifndef _ASM_IOREMAP_H
#define _ASM_IOREMAP_H

#include <linux/types.h>

bool port_io_reachable(phys_addr_t start, phys_addr_t end);

#endif
