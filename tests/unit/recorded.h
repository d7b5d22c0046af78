/* SPDX-License-Identifier: MIT */
/* Recorded machines as arrays; see tests/data/README.md. */
#ifndef _TESTS_RECORDED_H
#define _TESTS_RECORDED_H

#define RECORDED(name)							\
	extern const unsigned char recorded_##name[];			\
	extern const unsigned long recorded_##name##_size

RECORDED(dmesg_4g);	/* 6.1-amd64-numa2-4g */
RECORDED(iomem_4g);
RECORDED(srat_4g);
RECORDED(slit_4g);
RECORDED(madt_4g);
RECORDED(zoneinfo_4g);
RECORDED(sysvm_4g);
RECORDED(pressure_4g);
RECORDED(dmesg_1g);	/* 6.12-amd64-numa2-1g */
RECORDED(iomem_1g);
RECORDED(srat_1g);
RECORDED(slit_1g);
RECORDED(madt_1g);
RECORDED(zoneinfo_1g);
RECORDED(sysvm_1g);
RECORDED(pressure_1g);
RECORDED(dmesg_i386);	/* 6.1-i386-highmem-2g */
RECORDED(iomem_i386);
RECORDED(zoneinfo_i386);
RECORDED(sysvm_i386);
RECORDED(dmesg_pae);	/* 6.1-i386pae-highmem-5g */
RECORDED(iomem_pae);
RECORDED(zoneinfo_pae);
RECORDED(sysvm_pae);

#endif
