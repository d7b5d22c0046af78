/* SPDX-License-Identifier: MIT */
/* Memory that is contiguous in its addresses only. */
#ifndef _LINUX_VMALLOC_H
#define _LINUX_VMALLOC_H

#include <linux/types.h>

/* Not part of Octavo yet: an error where they are called. */
#define __not_yet(name)							\
	__attribute__((__error__(#name "() is not part of Octavo yet")))
void *vmalloc(unsigned long size) __not_yet(vmalloc);
void *vzalloc(unsigned long size) __not_yet(vzalloc);
void *vmalloc_node(unsigned long size, int node) __not_yet(vmalloc_node);
void *vzalloc_node(unsigned long size, int node) __not_yet(vzalloc_node);
void *vmalloc_user(unsigned long size) __not_yet(vmalloc_user);
void *vmalloc_32(unsigned long size) __not_yet(vmalloc_32);
void vfree(const void *addr) __not_yet(vfree);
void vunmap(const void *addr) __not_yet(vunmap);
struct page;
struct page *vmalloc_to_page(const void *addr) __not_yet(vmalloc_to_page);
static inline bool is_vmalloc_addr(const void *addr) { return false; }

#endif
