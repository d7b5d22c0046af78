/* SPDX-License-Identifier: MIT */
#ifndef _OCTAVO_DRIVERS_H
#define _OCTAVO_DRIVERS_H

struct pci_host;

/*
 * Finds the devices behind @host (NULL: there are none) and starts their
 * drivers. Once, from the init thread. May sleep.
 */
void drivers_start(const struct pci_host *host);
/* Makes the lists empty; drivers_start() does, if nobody did before. */
void drivers_init(void);
/* The way to PCI of a booted PC; NULL when there is no PCI. May sleep. */
const struct pci_host *pci_host_find(void);

#endif
