/* SPDX-License-Identifier: MIT */
/* The tour's checks and its picture of a machine's free memory. */
#ifndef INIT_TOUR_H
#define INIT_TOUR_H

#include <linux/kernel.h>
#include <linux/mmzone.h>

/* A running step: what it found wrong so far. */
struct tour {
	const char *step;	/* its name, for the log */
	unsigned int checks;	/* made */
	unsigned int failed;	/* of them */
};

/* Notes a check; logs one line when @ok is false. Returns @ok. */
bool tour_check(struct tour *t, bool ok, const char *what, int line);
/* Pages of a node that have an address, which any request may have. */
unsigned long tour_low_pages(int nid);
#define TOUR_CHECK(t, c)	tour_check(t, c, #c, __LINE__)

/* init/tour_pages.c: two of the steps. */
void tour_wrong_frees(struct tour *t);
void tour_reserves(struct tour *t);

/* init/tour_slab.c: those about objects. */
struct slab_totals;
void tour_caches(struct tour *t);
void tour_kmalloc(struct tour *t);
void tour_object_nodes(struct tour *t);
void tour_object_threads(struct tour *t);
void tour_rcu(struct tour *t);
void tour_shrinkers(struct tour *t);
/* What users have, once all that waits is freed; and a check against it. */
void tour_objects_take(struct slab_totals *totals);
void tour_objects_compare(struct tour *t, const struct slab_totals *before);
/* init/tour_pool.c: those about pools and per-CPU data. */
void tour_pools(struct tour *t);
void tour_pool_reserve(struct tour *t);
void tour_pool_waiting(struct tour *t);
void tour_pool_resize(struct tour *t);
void tour_percpu(struct tour *t);
/* init/tour_dma.c: memory for devices, and disks. */
void tour_dma(struct tour *t);
void tour_disk(struct tour *t);

/* init/tour_vmalloc.c: those about addresses. */
void tour_vmalloc(struct tour *t);
void tour_vmap(struct tour *t);
void tour_areas(struct tour *t);
void tour_vmalloc_threads(struct tour *t);
/* init/tour_highmem.c: pages without an address. */
void tour_highmem(struct tour *t);
/* init/tour_cpu.c: CPUs that go and come. */
void tour_cpus(struct tour *t);
/* init/tour_io.c: mappings of devices. */
void tour_io(struct tour *t);

#endif
