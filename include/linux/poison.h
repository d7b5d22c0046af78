/* SPDX-License-Identifier: MIT */
/* Values that memory holds while nobody may use it. */
#ifndef _LINUX_POISON_H
#define _LINUX_POISON_H

#define PAGE_POISON	0xaa	/* each byte of a free page: page_poison=1 */

/* Of objects in caches with SLAB_RED_ZONE and SLAB_POISON. */
#define SLUB_RED_INACTIVE	0xbb	/* red zones of a free object */
#define SLUB_RED_ACTIVE		0xcc	/* and of one in use */
#define POISON_INUSE		0x5a	/* an object never used; padding */
#define POISON_FREE		0x6b	/* a free object */
#define POISON_END		0xa5	/* and its last byte */

/* Links of an entry that is on no list: no port maps them. */
#define LIST_POISON1	((void *)0x100)
#define LIST_POISON2	((void *)0x122)

#endif
