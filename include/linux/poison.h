/* SPDX-License-Identifier: MIT */
/* Values that memory holds while nobody may use it. */
#ifndef _LINUX_POISON_H
#define _LINUX_POISON_H

#define PAGE_POISON	0xaa	/* each byte of a free page: page_poison=1 */

#endif
