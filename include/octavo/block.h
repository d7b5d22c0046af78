/* SPDX-License-Identifier: MIT */
/*
 * Block devices: sectors of 512 bytes, read and written by number.
 *
 * A buffer is ordinary memory of the direct map. Where the device does not
 * reach it, its driver copies; a buffer of dma_alloc_coherent() for the
 * device is never copied.
 */
#ifndef _OCTAVO_BLOCK_H
#define _OCTAVO_BLOCK_H

#include <linux/errno.h>
#include <linux/list.h>
#include <linux/types.h>

#define SECTOR_SHIFT	9
#define SECTOR_SIZE	(1U << SECTOR_SHIFT)

struct block_device;
struct device;

enum block_op { BLOCK_READ, BLOCK_WRITE, BLOCK_FLUSH };

struct block_ops {
	/*
	 * Moves @nr sectors, at most max_sectors, that the device has, to or
	 * from @buffer, aligned to 4 bytes; BLOCK_FLUSH: neither. Returns when
	 * that is done. 0; -EIO: the device failed, or stopped to answer;
	 * -ENOMEM; -EROFS. May sleep. Any number of threads at once.
	 */
	int (*transfer)(struct block_device *bdev, enum block_op op,
			u64 sector, void *buffer, unsigned int nr);
};

/* c: constant once registered, a: atomic, b: of machine.drivers.lock */
struct block_device {
	char name[16];			/* c: "vda" */
	u64 nr_sectors;			/* c */
	unsigned int max_sectors;	/* c: of one transfer, at least 8 */
	bool read_only;			/* c */
	const struct block_ops *ops;	/* c */
	struct device *dev;		/* c: to allocate buffers for */
	void *private_data;		/* c: the driver's */
	u64 nr_transfers;		/* a: done so far, failed ones too */
	struct list_head list;		/* b */
};

/*
 * @nr sectors from @sector on, to or from @buffer, in as many transfers as it
 * takes. 0, or -EINVAL for sectors that the device does not have or a buffer
 * that is not aligned to 4 bytes, -EROFS, or what a transfer returned. May
 * sleep.
 */
int block_read(struct block_device *bdev, u64 sector, void *buffer,
	       unsigned long nr);
int block_write(struct block_device *bdev, u64 sector, const void *buffer,
		unsigned long nr);
/* What was written before is on the medium on return. As above. */
int block_flush(struct block_device *bdev);

/* The driver's: makes the device known, which must stay; -EEXIST, -EINVAL. */
int block_register(struct block_device *bdev);
void block_unregister(struct block_device *bdev);
/* The device called @name, or the first with NULL; NULL: there is none. */
struct block_device *block_find(const char *name);
/* The one after @bdev, or NULL. */
struct block_device *block_next(const struct block_device *bdev);

#endif
