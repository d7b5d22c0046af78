/* SPDX-License-Identifier: MIT */
/* The writers of files, gathered in the tables of fs/proc/root.c. */
#ifndef _FS_PROC_INTERNAL_H
#define _FS_PROC_INTERNAL_H

#include <linux/errno.h>
#include <linux/mmzone.h>
#include <linux/proc_fs.h>

#define K(pages)	((unsigned long)(pages) << (PAGE_SHIFT - 10))

/* fs/proc/zones.c */
int buddyinfo_show(struct seq_file *m);
int pagetypeinfo_show(struct seq_file *m);
int slabinfo_show(struct seq_file *m);
/* fs/proc/zoneinfo.c */
int zoneinfo_show(struct seq_file *m);
/* fs/proc/meminfo.c */
int meminfo_show(struct seq_file *m);
int vmstat_show(struct seq_file *m);
/* fs/proc/system.c */
int cmdline_show(struct seq_file *m);
int cpuinfo_show(struct seq_file *m);
int iomem_show(struct seq_file *m);
int kmsg_show(struct seq_file *m);
int percpu_stats_file_show(struct seq_file *m);
int swaps_show(struct seq_file *m);
int version_show(struct seq_file *m);
/* fs/proc/stat.c */
int loadavg_show(struct seq_file *m);
int stat_show(struct seq_file *m);
int uptime_show(struct seq_file *m);
/* fs/proc/sysctl.c: @path is relative to /proc. */
int sysctl_show(const char *path, struct seq_file *m);
/* -ENOENT leaves @why alone. */
int sysctl_store(const char *path, const char *text, char *why, size_t size);
void sysctl_for_each(void (*fn)(const char *name, void *ctx), void *ctx);

/*
 * fs/sysfs_cpu.c: -ENOENT for what is none; the second gets the whole path, and
 * fills @why as proc_write() does.
 */
int sysfs_cpu_show(const char *path, struct seq_file *m);
int sysfs_cpu_store(const char *path, const char *text, char *why, size_t size);
void sysfs_cpu_for_each(void (*fn)(const char *name, void *ctx), void *ctx);
/* fs/sysfs_node.c: @path is what follows SYS_NODE. */
int sysfs_node_show(const char *path, struct seq_file *m);
void sysfs_node_for_each(void (*fn)(const char *name, void *ctx), void *ctx);

/* fs/sysfs_slab.c: @path is absolute. As sysctl_store(). */
int sysfs_slab_show(const char *path, struct seq_file *m);
int sysfs_slab_store(const char *path, const char *text, char *why,
		     size_t size);
void sysfs_slab_for_each(void (*fn)(const char *name, void *ctx), void *ctx);

#ifdef CONFIG_TRACEPOINTS
/* fs/tracefs.c: @path is what follows SYS_TRACING. */
int tracefs_show(const char *path, struct seq_file *m);
int tracefs_store(const char *path, const char *text, char *why, size_t size);
void tracefs_for_each(void (*fn)(const char *name, void *ctx), void *ctx);
#else
static inline int tracefs_show(const char *path, struct seq_file *m)
{
	return -ENOENT;
}

static inline int tracefs_store(const char *path, const char *text, char *why,
				size_t size)
{
	return -ENOENT;
}

static inline void tracefs_for_each(void (*fn)(const char *name, void *ctx),
				    void *ctx) {}
#endif

#ifdef CONFIG_SLAB_DEBUG
/* fs/proc/slab_debug.c */
int slab_debug_show(const char *path, struct seq_file *m);
int slab_debug_store(const char *path, const char *text, char *why,
		     size_t size);
void slab_debug_for_each(void (*fn)(const char *name, void *ctx), void *ctx);
void slab_debug_sys_for_each(void (*fn)(const char *name, void *ctx),
			     void *ctx);
#else
static inline int slab_debug_show(const char *path, struct seq_file *m)
{
	return -ENOENT;
}

static inline int slab_debug_store(const char *path, const char *text,
				   char *why, size_t size)
{
	return -ENOENT;
}

static inline void slab_debug_for_each(void (*fn)(const char *name, void *ctx),
				       void *ctx) {}
static inline void
slab_debug_sys_for_each(void (*fn)(const char *name, void *ctx), void *ctx) {}
#endif

#ifdef CONFIG_PAGE_DEBUG
/* fs/proc/page_debug.c */
int fail_highmem_show(struct seq_file *m);
int fail_wait_show(struct seq_file *m);
int fail_interval_show(struct seq_file *m);
int fail_min_order_show(struct seq_file *m);
int fail_probability_show(struct seq_file *m);
int fail_space_show(struct seq_file *m);
int fail_times_show(struct seq_file *m);
int fail_verbose_show(struct seq_file *m);
int page_owner_file_show(struct seq_file *m);
int page_owner_stacks_file_show(struct seq_file *m);
int fail_nth_show(struct seq_file *m);
/* As sysctl_store(), of this file's. */
int page_debug_store(const char *path, const char *text, char *why,
		     size_t size);
#define PAGE_DEBUG_PROC_FILES \
	{ "fail_page_alloc/ignore-gfp-highmem", fail_highmem_show }, \
	{ "fail_page_alloc/ignore-gfp-wait", fail_wait_show }, \
	{ "fail_page_alloc/interval", fail_interval_show }, \
	{ "fail_page_alloc/min-order", fail_min_order_show }, \
	{ "fail_page_alloc/probability", fail_probability_show }, \
	{ "fail_page_alloc/space", fail_space_show }, \
	{ "fail_page_alloc/times", fail_times_show }, \
	{ "fail_page_alloc/verbose", fail_verbose_show }, \
	{ "page_owner", page_owner_file_show }, \
	{ "page_owner_stacks", page_owner_stacks_file_show }, \
	{ "self/fail-nth", fail_nth_show },
#else
#define PAGE_DEBUG_PROC_FILES

static inline int page_debug_store(const char *path, const char *text,
				   char *why, size_t size)
{
	return -ENOENT;
}
#endif

/* The next zone that text files list, from @zone on; NULL at the end. */
struct zone *proc_zone_from(struct pglist_data *pgdat, struct zone *zone);
#define for_each_proc_zone(zone, pgdat)					\
	for ((zone) = proc_zone_from(pgdat, (pgdat)->node_zones); (zone);	\
	     (zone) = proc_zone_from(pgdat, (zone) + 1))

#endif
