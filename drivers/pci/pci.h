/* SPDX-License-Identifier: MIT */
#ifndef _DRIVERS_PCI_PCI_H
#define _DRIVERS_PCI_PCI_H

#include <linux/pci.h>

/* Finds all functions behind @host; their number. Once. May sleep. */
unsigned int pci_scan(const struct pci_host *host);
/* Forgets them: a test's. Their drivers have ended. */
void pci_forget(void);
/* Reads the function's BARs into its resources (bar.c). */
void pci_read_bars(struct pci_dev *pdev);

const struct pci_host *pci_this_host(void);

#endif
