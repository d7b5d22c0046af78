/* SPDX-License-Identifier: MIT */
/*
 * Text formatting with the kernel's extensions:
 *
 *  %p %px     pointer, in hex          %pa  phys_addr_t by reference, 0x%016llx
 *  %pS %ps    symbol + offset          %pap the same
 *  %pB        the same of a return address: the call before it
 *  %*pb %*pbl bitmap of width bits, hex or as a list of ranges
 *  %pR        struct range: [mem 0x...-0x...]
 *
 * The C library has functions of these names; a program that links the
 * library keeps its own, so ours have another name to the linker.
 */
#ifndef _LINUX_SPRINTF_H
#define _LINUX_SPRINTF_H

#include <linux/compiler.h>
#include <linux/stdarg.h>
#include <linux/types.h>

#define vsnprintf	octavo_vsnprintf
#define snprintf	octavo_snprintf
#define sprintf		octavo_sprintf

/* Return what the whole text needs, without its NUL, as C99 has it. */
int vsnprintf(char *buf, size_t size, const char *fmt, va_list args);
int __printf(3, 4) snprintf(char *buf, size_t size, const char *fmt, ...);
int __printf(2, 3) sprintf(char *buf, const char *fmt, ...);
/* Return what was written, without the NUL; never more than size - 1. */
int vscnprintf(char *buf, size_t size, const char *fmt, va_list args);
int __printf(3, 4) scnprintf(char *buf, size_t size, const char *fmt, ...);

/* The text in memory of kmalloc(); NULL when memory lacks. In module/. */
char *kvasprintf(gfp_t gfp, const char *fmt, va_list args);
char * __printf(2, 3) kasprintf(gfp_t gfp, const char *fmt, ...);
#define kasprintf_const(gfp, fmt, ...)	kasprintf(gfp, fmt, ##__VA_ARGS__)

#endif
