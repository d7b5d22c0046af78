// SPDX-License-Identifier: MIT
/*
 * Block devices (octavo/block.h): the list of those there are, and requests
 * cut into what a device moves at once.
 *
 * Locks: machine.drivers.lock for the list. A device stays while anybody uses
 * it: drivers do not end before the machine does, but in tests.
 */
#include <octavo/block.h>

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <octavo/drivers.h>
#include <octavo/machine.h>

static struct drivers_state *drivers(void)
{
	return &this_machine()->drivers;
}

void drivers_init(void)
{
	struct drivers_state *d = drivers();

	if (d->ready)
		return;
	spin_lock_init(&d->lock);
	INIT_LIST_HEAD(&d->block);
	INIT_LIST_HEAD(&d->pci);
	d->ready = true;
}

static int transfer(struct block_device *bdev, enum block_op op, u64 sector,
		    void *buffer, unsigned int nr)
{
	int err = bdev->ops->transfer(bdev, op, sector, buffer, nr);

	/* A count for show: orders nothing. */
	__atomic_fetch_add(&bdev->nr_transfers, 1, __ATOMIC_RELAXED);
	return err;
}

static int block_move(struct block_device *bdev, enum block_op op, u64 sector,
		      void *buffer, unsigned long nr)
{
	int err = 0;

	if (sector > bdev->nr_sectors || nr > bdev->nr_sectors - sector ||
	    (unsigned long)buffer % 4)
		return -EINVAL;
	if (op == BLOCK_WRITE && bdev->read_only)
		return -EROFS;
	while (nr && !err) {
		unsigned int n = (unsigned int)min(nr, (unsigned long)
						   bdev->max_sectors);

		err = transfer(bdev, op, sector, buffer, n);
		sector += n;
		buffer = (char *)buffer + ((size_t)n << SECTOR_SHIFT);
		nr -= n;
	}
	return err;
}

int block_read(struct block_device *bdev, u64 sector, void *buffer,
	       unsigned long nr)
{
	return block_move(bdev, BLOCK_READ, sector, buffer, nr);
}

int block_write(struct block_device *bdev, u64 sector, const void *buffer,
		unsigned long nr)
{
	return block_move(bdev, BLOCK_WRITE, sector, (void *)buffer, nr);
}

int block_flush(struct block_device *bdev)
{
	return transfer(bdev, BLOCK_FLUSH, 0, NULL, 0);
}

/* The list's lock is held. */
static struct block_device *find_locked(const char *name)
{
	struct block_device *bdev;

	list_for_each_entry(bdev, &drivers()->block, list)
		if (!name || !strcmp(bdev->name, name))
			return bdev;
	return NULL;
}

int block_register(struct block_device *bdev)
{
	unsigned long flags;
	int err = 0;

	/* A page at least, so that who swaps need not cut one. */
	if (!bdev->name[0] || bdev->max_sectors < 8 || !bdev->ops)
		return -EINVAL;
	drivers_init();
	spin_lock_irqsave(&drivers()->lock, flags);
	if (find_locked(bdev->name))
		err = -EEXIST;
	else
		list_add_tail(&bdev->list, &drivers()->block);
	spin_unlock_irqrestore(&drivers()->lock, flags);
	return err;
}

void block_unregister(struct block_device *bdev)
{
	unsigned long flags;

	spin_lock_irqsave(&drivers()->lock, flags);
	list_del(&bdev->list);
	spin_unlock_irqrestore(&drivers()->lock, flags);
}

struct block_device *block_find(const char *name)
{
	struct block_device *bdev;
	unsigned long flags;

	drivers_init();
	spin_lock_irqsave(&drivers()->lock, flags);
	bdev = find_locked(name);
	spin_unlock_irqrestore(&drivers()->lock, flags);
	return bdev;
}

struct block_device *block_next(const struct block_device *bdev)
{
	struct block_device *next = NULL;
	unsigned long flags;

	spin_lock_irqsave(&drivers()->lock, flags);
	if (!list_is_last(&bdev->list, &drivers()->block))
		next = list_entry(bdev->list.next, struct block_device, list);
	spin_unlock_irqrestore(&drivers()->lock, flags);
	return next;
}
