/* SPDX-License-Identifier: MIT */
#ifndef _ASM_X86_MACHINE_H
#define _ASM_X86_MACHINE_H

#include <linux/threads.h>
#include <linux/types.h>
#include <asm/acpi_types.h>
#include <asm/e820/types.h>
#include <asm/mtrr_types.h>
#include <asm/numa_types.h>

/* Processors that the firmware told of. b: boot only */
struct x86_cpus {
	u32 nr;			/* b: enabled ones, CPU 0 first */
	u32 nr_disabled;	/* b: may be plugged in */
	u32 nr_lost;		/* b: did not fit */
	u32 apicid[NR_CPUS];	/* b: by CPU number */
	u32 limit;		/* b: nr_cpus=; 0: none */
	u32 possible;		/* b: possible_cpus=; 0: not given */
	u32 max_up;		/* b: maxcpus=, when max_up_set */
	bool max_up_set;	/* b */
};

/*
 * What a PC's firmware said, the same on the booted ports and on the host.
 * b: booting CPU only. The port embeds it in struct arch_machine as `fw`.
 */
struct x86_firmware {
	struct e820_table e820;		/* b: the working map */
	struct e820_table e820_firmware;	/* b: as it was at first */
	struct e820_options e820_options;	/* b */
	struct mtrr_state mtrr;		/* b */
	bool mtrr_trim_disabled;	/* b: disable_mtrr_trim */
	struct acpi_state acpi;		/* b */
	struct numa_state numa;		/* b */
	struct x86_cpus cpus;		/* b */
};

/* Needs <octavo/this_machine.h>. */
#define this_fw()	(&this_arch()->fw)

#endif
