// SPDX-License-Identifier: MIT
/*
 * /sys/kernel/slab/<cache>/: each cache's figures, one to a file, in Linux's
 * form; and /sys/kernel/debug/slab/<cache>/alloc_traces, free_traces.
 *
 *   shrink, validate        1 does it
 *   trace, failslab         0 and 1, where the cache is no other's too
 *   alloc_calls, free_calls of a cache with SLAB_STORE_USER
 *
 * `cpu_slabs` are slabs' worth of objects that CPUs keep, as arrays of
 * objects take the place of Linux's slabs of CPUs; `partial` counts those of
 * nodes. Figures that nodes have are followed by " N<node>=<figure>".
 */
#include <linux/proc_fs.h>

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/mm.h>
#include <linux/nodemask.h>
#include <linux/string.h>

#include <octavo/slab_attr.h>

#include "proc/internal.h"

#define SYS_SLAB_TRACES	SYS_DEBUG "slab/"

/* ---- figures ---------------------------------------------------------- */

enum slab_file {
	FILE_ALIASES, FILE_ALIGN, FILE_ALLOC_CALLS, FILE_CACHE_DMA,
	FILE_CPU_PARTIAL, FILE_CPU_SLABS, FILE_CTOR, FILE_DESTROY_BY_RCU,
	FILE_FAILSLAB, FILE_FREE_CALLS, FILE_HWCACHE_ALIGN, FILE_MIN_PARTIAL,
	FILE_OBJECT_SIZE, FILE_OBJECTS, FILE_OBJECTS_PARTIAL,
	FILE_OBJS_PER_SLAB, FILE_ORDER, FILE_PARTIAL, FILE_POISON,
	FILE_RECLAIM_ACCOUNT, FILE_RED_ZONE, FILE_SANITY_CHECKS, FILE_SHRINK,
	FILE_SLAB_SIZE, FILE_SLABS, FILE_STORE_USER, FILE_TOTAL_OBJECTS,
	FILE_TRACE, FILE_VALIDATE, NR_SLAB_FILES
};

static const char *const slab_files[NR_SLAB_FILES] = {
	"aliases", "align", "alloc_calls", "cache_dma", "cpu_partial",
	"cpu_slabs", "ctor", "destroy_by_rcu", "failslab", "free_calls",
	"hwcache_align", "min_partial", "object_size", "objects",
	"objects_partial", "objs_per_slab", "order", "partial", "poison",
	"reclaim_account", "red_zone", "sanity_checks", "shrink", "slab_size",
	"slabs", "store_user", "total_objects", "trace", "validate",
};

/* The flag that a file is about; 0: none. */
static slab_flags_t file_flag(enum slab_file file)
{
	switch (file) {
	case FILE_CACHE_DMA:
		return SLAB_CACHE_DMA;
	case FILE_FAILSLAB:
		return SLAB_FAILSLAB;
	case FILE_HWCACHE_ALIGN:
		return SLAB_HWCACHE_ALIGN;
	case FILE_POISON:
		return SLAB_POISON;
	case FILE_RECLAIM_ACCOUNT:
		return SLAB_RECLAIM_ACCOUNT;
	case FILE_RED_ZONE:
		return SLAB_RED_ZONE;
	case FILE_SANITY_CHECKS:
		return SLAB_CONSISTENCY_CHECKS;
	case FILE_STORE_USER:
		return SLAB_STORE_USER;
	case FILE_TRACE:
		return SLAB_TRACE;
	default:
		return 0;
	}
}

static unsigned int file_number(const struct slab_attr *info,
				enum slab_file file)
{
	switch (file) {
	case FILE_ALIASES:
		return info->users - 1;
	case FILE_ALIGN:
		return info->align;
	case FILE_CPU_PARTIAL:
		return info->array_limit;
	case FILE_OBJECT_SIZE:
		return info->object_size;
	case FILE_OBJS_PER_SLAB:
		return info->objs_per_slab;
	case FILE_ORDER:
		return info->order;
	case FILE_SLAB_SIZE:
		return info->slab_size;
	default:
		return 0;
	}
}

/* Figures that are told for each node too; false: @file is none. */
static bool file_count(const struct slab_attr *info, enum slab_file file,
		       unsigned long *count)
{
	switch (file) {
	case FILE_CPU_SLABS:
		*count = DIV_ROUND_UP(info->cpu_cached, info->objs_per_slab);
		return true;
	case FILE_OBJECTS:
		*count = info->objects;
		return true;
	case FILE_OBJECTS_PARTIAL:
		*count = info->objects + info->cached -
			 (info->slabs - info->free_slabs - info->partial) *
			 info->objs_per_slab;
		return true;
	case FILE_PARTIAL:
		*count = info->partial;
		return true;
	case FILE_SLABS:
		*count = info->slabs;
		return true;
	case FILE_TOTAL_OBJECTS:
		*count = info->slabs * info->objs_per_slab;
		return true;
	default:
		return false;
	}
}

static int counts_show(struct seq_file *m, const struct slab_attr *info,
		       enum slab_file file, unsigned long count)
{
	int nid;

	seq_printf(m, "%lu", count);
	for_each_online_node(nid) {
		struct slab_attr of_node;

		if (slab_attr_read(info->name, nid, &of_node) &&
		    file_count(&of_node, file, &count) && count)
			seq_printf(m, " N%d=%lu", nid, count);
	}
	seq_putc(m, '\n');
	return 0;
}

static int file_show(struct seq_file *m, const char *name, enum slab_file file)
{
	struct slab_attr info;
	unsigned long count;

	if (!slab_attr_read(name, NUMA_NO_NODE, &info))
		return -ENOENT;
	if (file_flag(file))
		seq_printf(m, "%d\n", !!(info.flags & file_flag(file)));
	else if (file_count(&info, file, &count))
		return counts_show(m, &info, file, count);
	else if (file == FILE_ALLOC_CALLS || file == FILE_FREE_CALLS)
		return slab_attr_calls(name, file == FILE_FREE_CALLS, false, m);
	else if (file == FILE_CTOR && info.ctor)
		seq_printf(m, "%pS\n", info.ctor);
	else if (file != FILE_CTOR && file != FILE_SHRINK &&
		 file != FILE_VALIDATE)
		seq_printf(m, "%u\n", file_number(&info, file));
	return 0;
}

/* ---- paths ------------------------------------------------------------ */

/* Cuts "cache/file": the cache's name to @name, the file's is returned. */
static const char *path_cut(const char *path, char name[SLAB_NAME_MAX])
{
	const char *slash = strchr(path, '/');

	if (!slash || slash == path || slash - path >= SLAB_NAME_MAX)
		return NULL;
	memcpy(name, path, (size_t)(slash - path));
	name[slash - path] = '\0';
	return slash + 1;
}

static enum slab_file file_find(const char *name)
{
	int i;

	for (i = 0; i < NR_SLAB_FILES; i++)
		if (!strcmp(slab_files[i], name))
			break;
	return i;
}

/* alloc_traces and free_traces; @path is what follows SYS_SLAB_TRACES. */
static int traces_show(const char *path, struct seq_file *m)
{
	char name[SLAB_NAME_MAX];
	const char *file = path_cut(path, name);

	if (file && !strcmp(file, "alloc_traces"))
		return slab_attr_calls(name, false, true, m);
	if (file && !strcmp(file, "free_traces"))
		return slab_attr_calls(name, true, true, m);
	return -ENOENT;
}

int sysfs_slab_show(const char *path, struct seq_file *m)
{
	char name[SLAB_NAME_MAX];
	enum slab_file file;
	const char *rest;

	if (!strncmp(path, SYS_SLAB_TRACES, strlen(SYS_SLAB_TRACES)))
		return traces_show(path + strlen(SYS_SLAB_TRACES), m);
	if (strncmp(path, SYS_SLAB, strlen(SYS_SLAB)))
		return -ENOENT;
	rest = path_cut(path + strlen(SYS_SLAB), name);
	file = rest ? file_find(rest) : NR_SLAB_FILES;
	return file == NR_SLAB_FILES ? -ENOENT : file_show(m, name, file);
}

static bool file_writable(enum slab_file file)
{
	return file == FILE_SHRINK || file == FILE_VALIDATE ||
	       file == FILE_TRACE || file == FILE_FAILSLAB;
}

/* Does what writing @text to @file means; NULL, or what is wrong with it. */
static const char *file_write(const char *name, enum slab_file file,
			      const char *text)
{
	bool sets = file == FILE_TRACE || file == FILE_FAILSLAB;
	unsigned int value;
	int err;

	if (kstrtouint(text, 0, &value) || value > 1 || (!value && !sets))
		return sets ? "is neither 0 nor 1" : "is not 1";
	if (file == FILE_SHRINK)
		err = slab_attr_shrink(name);
	else if (file == FILE_VALIDATE)
		err = slab_attr_validate(name);
	else
		err = slab_attr_flag(name, file_flag(file), value);
	if (err == -EINVAL)
		return "cannot be, as the cache is others' too";
	if (err == -EOPNOTSUPP)
		return "cannot be in a build without slab_debug";
	return err ? "finds no cache any more" : NULL;
}

int sysfs_slab_store(const char *path, const char *text, char *why,
		     size_t size)
{
	char name[SLAB_NAME_MAX];
	struct slab_attr info;
	enum slab_file file;
	const char *rest, *fault;

	if (strncmp(path, SYS_SLAB, strlen(SYS_SLAB)))
		return -ENOENT;
	rest = path_cut(path + strlen(SYS_SLAB), name);
	file = rest ? file_find(rest) : NR_SLAB_FILES;
	if (file == NR_SLAB_FILES ||
	    !slab_attr_read(name, NUMA_NO_NODE, &info))
		return -ENOENT;
	if (!file_writable(file)) {
		scnprintf(why, size, "%s: cannot be written", path);
		return -EACCES;
	}
	fault = file_write(name, file, text);
	if (fault)
		scnprintf(why, size, "%s: \"%s\" %s", path, text, fault);
	return fault ? -EINVAL : 0;
}

void sysfs_slab_for_each(void (*fn)(const char *name, void *ctx), void *ctx)
{
	char name[SLAB_NAME_MAX], path[2 * SLAB_NAME_MAX];
	struct slab_attr info;
	unsigned int i;
	int file;

	for (i = 0; slab_attr_name(i, name); i++) {
		bool users = slab_attr_read(name, NUMA_NO_NODE, &info) &&
			     info.flags & SLAB_STORE_USER;

		for (file = 0; file < NR_SLAB_FILES; file++) {
			if (!users && (file == FILE_ALLOC_CALLS ||
				       file == FILE_FREE_CALLS))
				continue;
			scnprintf(path, sizeof(path), SYS_SLAB "%s/%s", name,
				  slab_files[file]);
			fn(path, ctx);
		}
		if (!users)
			continue;
		scnprintf(path, sizeof(path), SYS_SLAB_TRACES "%s/alloc_traces",
			  name);
		fn(path, ctx);
		scnprintf(path, sizeof(path), SYS_SLAB_TRACES "%s/free_traces",
			  name);
		fn(path, ctx);
	}
}
