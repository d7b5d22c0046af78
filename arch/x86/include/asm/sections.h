/* SPDX-License-Identifier: MIT */
/* The parts of the image; the picture stands in kernel/sections.lds. */
#ifndef _ASM_SECTIONS_H
#define _ASM_SECTIONS_H

extern char _text[], _etext[];
extern char __start_rodata[], __end_rodata[];
extern char _sdata[], _edata[];
extern char __init_begin[], __init_data_begin[], __init_end[];
extern char __bss_start[], __bss_stop[], _end[];

#endif
