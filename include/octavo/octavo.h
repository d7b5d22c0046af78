/* SPDX-License-Identifier: MIT */
/*
 * Octavo for programs: machines as values in a Linux process.
 *
 *	struct octavo_options o = { .memory = 1 << 30, .nodes = 2, .cpus = 4 };
 *	struct octavo_error err;
 *	struct octavo_machine *m = octavo_machine_create(&o, &err);
 *
 *	octavo_bind(m, 0);		this thread is CPU 0 from here on
 *	... calls of <linux/gfp.h> and others ...
 *	octavo_unbind();
 *	octavo_machine_destroy(m);
 *
 * A machine's RAM is one sparse memfd, so a page costs nothing until it is
 * touched, and a machine of 4 TiB is an ordinary thing to have. Any number
 * of machines may live in a process; they share nothing.
 *
 * Sizes and addresses are bytes, frames (pfn) and counts are pages of 4 KiB.
 * Errors are negative errno numbers. Uses <stdint.h> types alone.
 */
#ifndef OCTAVO_OCTAVO_H
#define OCTAVO_OCTAVO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define OCTAVO_API	__attribute__((__visibility__("default")))

#define OCTAVO_MAX_NODES	64u
#define OCTAVO_MAX_CPUS		512u
#define OCTAVO_MAX_MEMORY	((uint64_t)16 << 40)	/* end of RAM */

/* [start, start + size) */
struct octavo_range {
	uint64_t start;
	uint64_t size;
};

/* Some bytes of text or of a table, with the name that errors call it by. */
struct octavo_input {
	const void *data;	/* NULL: not given */
	size_t size;
	const char *name;	/* a file's name; NULL: what it is */
};

enum octavo_map_format {
	OCTAVO_MAP_DMESG,	/* "BIOS-e820: [mem 0xA-0xB] usable" lines */
	OCTAVO_MAP_IOMEM,	/* /proc/iomem */
};

/*
 * What to make. All zero is a machine of 256 MiB with a node and a CPU.
 * Everything is copied or used up before octavo_machine_create() returns.
 *
 * Memory is described by a map, or by `memory` bytes laid out as on a PC:
 * 640 KiB, the ISA hole, RAM up to 3 GiB, a hole, the rest from 4 GiB on.
 * Topology is described by tables, or by counts: memory is split evenly and
 * in order of addresses, CPU c is on node c * nodes / cpus.
 */
struct octavo_options {
	uint64_t memory;		/* bytes of RAM; multiple of 4096 */
	const struct octavo_range *holes; /* physical ranges without RAM */
	unsigned int nr_holes;
	/*
	 * Physical ranges where devices have memory: whole pages outside RAM.
	 * Besides, the devices of an iomem map have some, and without a map
	 * all from 3 to 4 GiB. ioremap() maps it; it costs nothing until then.
	 */
	const struct octavo_range *device_mem;
	unsigned int nr_device_mem;
	/*
	 * Not 0: a machine of 32 bits, whose direct map ends there; RAM above
	 * is high memory, to be had by kmap(). Multiple of 4096, below 4 GiB.
	 */
	uint64_t lowmem;
	/*
	 * Instead of memory and holes. A bad line is reported in the machine's
	 * log and left out; it is an error when no line is sound.
	 */
	struct octavo_input map;
	enum octavo_map_format map_format;

	unsigned int nodes;		/* 0: as srat says, else 1 */
	unsigned int cpus;		/* 0: as madt says, else 1 */
	const uint8_t *distances;	/* nodes * nodes, row by row; or NULL:
					 * 10 on the diagonal, else 20 */
	/*
	 * ACPI tables, binary. Another kind of table is an error; a damaged
	 * one is reported in the machine's log and as if it were not there.
	 */
	struct octavo_input srat, slit, madt;

	const char *cmdline;		/* the kernel's; or NULL */

	/*
	 * Struct pages of a large machine are made when they are needed
	 * first, or with this, by a thread on each CPU while it starts, as
	 * on a real machine. 4 TiB have 32 GiB of them.
	 */
	bool eager_struct_pages;

	/* Each piece of console text as it comes; NULL: to nobody. */
	void (*console)(void *ctx, const char *s, size_t n);
	void *console_ctx;
	uint64_t clock_step_ns;		/* 0: real time; else every reading of
					 * the clock is so much later */
	uint64_t seed;			/* of port_random(); 0: from the system */
};

struct octavo_error {
	int code;			/* negative errno */
	char text[256];			/* one line: what, and why */
};

/*
 * Fills @o with what the running system is: its map, and its topology as far
 * as the caller may read it. 0 or -errno, with @err filled (may be NULL).
 * The caller may add to @o, and gives it back after it made its machine.
 */
OCTAVO_API int octavo_options_self(struct octavo_options *o,
				   struct octavo_error *err);
OCTAVO_API void octavo_options_self_end(struct octavo_options *o);

struct octavo_machine;

/*
 * Makes and boots a machine, on the calling thread. NULL, with *@err filled
 * (@err may be NULL), for bad options or text, when nothing of the map is
 * usable, or when the system refuses.
 */
OCTAVO_API struct octavo_machine *
octavo_machine_create(const struct octavo_options *options,
		      struct octavo_error *err);
/*
 * Ends its threads and gives everything back. No thread may be bound to it
 * but the calling one, which is unbound. @m may be NULL.
 */
OCTAVO_API void octavo_machine_destroy(struct octavo_machine *m);

/*
 * The calling thread becomes CPU @cpu of @m, once that is free. -EINVAL for
 * a CPU that is not online, -EBUSY when the thread is bound already.
 */
OCTAVO_API int octavo_bind(struct octavo_machine *m, unsigned int cpu);
/* Gives the CPU back. Does nothing when the thread is not bound. */
OCTAVO_API void octavo_unbind(void);
/* What the calling thread is bound to, or NULL. */
OCTAVO_API struct octavo_machine *octavo_bound(void);

/*
 * Takes CPU @cpu of @m off-line, or brings it on-line, while others go on: its
 * page lists and its objects go back, its threads go elsewhere. The calling
 * thread is bound to @m or to none. -EINVAL: there is no such CPU; -EALREADY:
 * it is so; -EPERM: CPU 0, which stays; -EBUSY: a thread is bound to it, or the
 * caller to another machine; -ENOMEM: nothing has changed.
 */
OCTAVO_API int octavo_cpu_offline(struct octavo_machine *m, unsigned int cpu);
OCTAVO_API int octavo_cpu_online(struct octavo_machine *m, unsigned int cpu);

typedef void (*octavo_emit)(void *ctx, const char *s, size_t n);

/*
 * Writes the file @path, relative to /proc ("buddyinfo"), or absolute under
 * /proc, /sys/devices/system/node, /sys/devices/system/cpu, /sys/kernel/slab or
 * /sys/kernel/debug.
 * -ENOENT for an unknown one; -EBUSY for one of the last two when the thread
 * is bound to another machine.
 */
OCTAVO_API int octavo_cat(struct octavo_machine *m, const char *path,
			  octavo_emit emit, void *ctx);
/*
 * Writes @text to the file @path, such as "sys/vm/min_free_kbytes"; what it
 * sets has taken effect on return. -ENOENT for an unknown file, -EACCES for
 * one that cannot be written, -EINVAL for a text that it does not take, with
 * *@err filled (may be NULL). The calling thread is bound to @m or to none.
 */
OCTAVO_API int octavo_write(struct octavo_machine *m, const char *path,
			    const char *text, struct octavo_error *err);
/* Calls @fn with every path that octavo_cat() knows, /proc's relative. */
OCTAVO_API void octavo_files(struct octavo_machine *m,
			     void (*fn)(const char *path, void *ctx),
			     void *ctx);
/* The whole log, oldest line first. Returns the lines that were lost. */
OCTAVO_API unsigned long octavo_log(struct octavo_machine *m,
				    octavo_emit emit, void *ctx);

/*
 * Runs the tour: every page call, each zone to its last page and back, all
 * CPUs at once. Console text goes to @emit meanwhile. The calling thread is
 * not bound. Returns the number of checks that failed, or -errno.
 */
OCTAVO_API int octavo_tour(struct octavo_machine *m, octavo_emit emit,
			   void *ctx);

/*
 * Gives back what caches of objects that nobody used since the last call keep,
 * and what kfree_rcu() was given: for a program to call every few seconds, as
 * a machine in a process has no thread of its own for that. The calling
 * thread is bound to @m or to none. Returns the pages that became free.
 */
OCTAVO_API uint64_t octavo_reap(struct octavo_machine *m);

struct octavo_info {
	unsigned int nr_nodes;		/* online */
	unsigned int nr_cpus;		/* online */
	uint64_t ram;			/* bytes that memblock was given */
	uint64_t present, managed, free; /* pages of all zones */
	uint64_t struct_page_size;	/* bytes */
	uint64_t memmap_bytes;		/* of struct pages, all nodes */
	uint64_t boot_cpu_ns;		/* the machine's start computed so long */
	uint64_t boot_wall_ns;		/* and took so long */
	uint64_t resident;		/* bytes that the system holds for it */
};

struct octavo_node_info {
	unsigned int node;
	uint64_t start_pfn, spanned, present;	/* pages */
	unsigned int nr_cpus;		/* of this node, online */
};

struct octavo_zone_info {
	unsigned int node;
	char name[16];			/* "DMA32" */
	uint64_t start_pfn;
	uint64_t spanned, present, managed, free;	/* pages */
	uint64_t min, low, high;	/* watermarks, pages */
};

/* A cache of objects, kmalloc()'s included. Counts are objects. */
struct octavo_cache_info {
	char name[48];
	uint32_t object_size;		/* bytes that users may use */
	uint32_t size;			/* bytes from object to object */
	uint32_t per_slab;
	uint32_t slab_pages;
	uint64_t used;			/* that users have */
	uint64_t cached;		/* that CPUs keep for their next users */
	uint64_t slabs;
	uint64_t empty_slabs;		/* without objects used or cached */
};

OCTAVO_API void octavo_info(struct octavo_machine *m, struct octavo_info *info);
/*
 * Fill up to @max places, return how many there are: online nodes, zones
 * that span something, in order.
 */
OCTAVO_API unsigned int octavo_nodes(struct octavo_machine *m,
				     struct octavo_node_info *nodes,
				     unsigned int max);
OCTAVO_API unsigned int octavo_zones(struct octavo_machine *m,
				     struct octavo_zone_info *zones,
				     unsigned int max);
/* The same for caches, oldest first. */
OCTAVO_API unsigned int octavo_caches(struct octavo_machine *m,
				      struct octavo_cache_info *caches,
				      unsigned int max);

/* Pools: how many, and what they keep for those who must not fail. */
struct octavo_pools_info {
	uint64_t pools;
	uint64_t wanted;		/* elements that they are to keep */
	uint64_t kept;			/* that they keep; users have the rest */
};

/* Objects that each CPU has a copy of. Bytes are one CPU's. */
struct octavo_percpu_info {
	uint64_t static_bytes;		/* of the core's own variables */
	uint64_t unit_bytes;		/* that a chunk has */
	uint64_t chunks;
	uint64_t objects;		/* that users have */
	uint64_t object_bytes;
	uint64_t allocs;		/* objects ever allocated */
	uint64_t failed;		/* requests that got none */
};

OCTAVO_API void octavo_pools(struct octavo_machine *m,
			     struct octavo_pools_info *info);
OCTAVO_API void octavo_percpu(struct octavo_machine *m,
			      struct octavo_percpu_info *info);
/* Distance between two online nodes, 10 for the same. */
OCTAVO_API int octavo_distance(struct octavo_machine *m, unsigned int from,
			       unsigned int to);

#ifdef __cplusplus
}
#endif

#endif
