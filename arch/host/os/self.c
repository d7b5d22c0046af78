/* SPDX-License-Identifier: MIT */
/*
 * The running system as options for a machine.
 *
 * The map is /proc/iomem, which shows addresses to root alone; for others
 * the kernel keeps the firmware's map in /sys/firmware/memmap, written here
 * as iomem has it. Topology is the ACPI tables where they may be read, else
 * the numbers of nodes and CPUs and the distances of
 * /sys/devices/system/node, with memory split evenly.
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <octavo/octavo.h>

#include "host_os.h"

#define ACPI_DIR	"/sys/firmware/acpi/tables/"
#define MEMMAP_DIR	"/sys/firmware/memmap"
#define NODE_DIR	"/sys/devices/system/node"
#define FILE_MAX	((size_t)1 << 20)	/* bytes; tables are far smaller */
#define LINE_MAX_BYTES	128			/* of a line of the map */

static int fail(struct octavo_error *err, int code, const char *what)
{
	if (err) {
		err->code = code;
		snprintf(err->text, sizeof(err->text), "%s: %s", what,
			 strerror(-code));
	}
	return code;
}

/* Addresses are all zero for who may not see them. */
static bool iomem_has_addresses(const char *text)
{
	const char *ram = strstr(text, " : System RAM");

	if (!ram)
		return false;
	while (ram > text && ram[-1] != '\n')
		ram--;
	return strspn(ram, " 0-") < strcspn(ram, ":");
}

/* One value of an entry of MEMMAP_DIR, without its newline. */
static bool memmap_value(const char *entry, const char *name, char *buf,
			 size_t size)
{
	char path[sizeof(MEMMAP_DIR) + 300], *text;
	size_t n;

	snprintf(path, sizeof(path), MEMMAP_DIR "/%s/%s", entry, name);
	if (host_read_file(path, FILE_MAX, &text, &n))
		return false;
	snprintf(buf, size, "%.*s", (int)strcspn(text, "\n"), text);
	free(text);
	return true;
}

static size_t memmap_line(const char *entry, char *out)
{
	char start[32], end[32], type[48];

	if (!memmap_value(entry, "start", start, sizeof(start)) ||
	    !memmap_value(entry, "end", end, sizeof(end)) ||
	    !memmap_value(entry, "type", type, sizeof(type)))
		return 0;
	return (size_t)snprintf(out, LINE_MAX_BYTES, "%08llx-%08llx : %s\n",
				strtoull(start, NULL, 16),
				strtoull(end, NULL, 16), type);
}

static int by_number(const struct dirent **a, const struct dirent **b)
{
	return atoi((*a)->d_name) - atoi((*b)->d_name);
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static int is_number(const struct dirent *d)
{
	return is_digit(d->d_name[0]);
}

static int memmap_read(char **text, size_t *size)
{
	struct dirent **names;
	int n = scandir(MEMMAP_DIR, &names, is_number, by_number);

	if (n < 0)
		return -errno;
	*text = calloc((size_t)n + 1, LINE_MAX_BYTES);
	*size = 0;
	for (int i = 0; i < n; i++) {
		if (*text)
			*size += memmap_line(names[i]->d_name, *text + *size);
		free(names[i]);
	}
	free(names);
	return *text ? 0 : -ENOMEM;
}

static int self_map(struct octavo_options *o, struct octavo_error *err)
{
	char *text = NULL;
	int code = host_read_file("/proc/iomem", FILE_MAX, &text,
				  &o->map.size);

	o->map.name = "/proc/iomem";
	if (code || !iomem_has_addresses(text)) {
		free(text);
		o->map.name = MEMMAP_DIR;
		code = memmap_read(&text, &o->map.size);
		if (code)
			return fail(err, code, MEMMAP_DIR);
	}
	o->map.data = text;
	o->map_format = OCTAVO_MAP_IOMEM;
	return 0;
}

static void self_table(struct octavo_input *in, const char *path)
{
	char *data;

	if (host_read_file(path, FILE_MAX, &data, &in->size))
		return;
	in->data = data;
	in->name = path;
}

static int is_node(const struct dirent *d)
{
	return !strncmp(d->d_name, "node", 4) && is_digit(d->d_name[4]);
}

/* How many nodes sysfs shows; at least one. */
static unsigned int count_nodes(void)
{
	struct dirent **names;
	int n = scandir(NODE_DIR, &names, is_node, NULL);

	for (int i = 0; i < n; i++)
		free(names[i]);
	if (n >= 0)
		free(names);
	return n > 0 ? (unsigned int)n : 1;
}

/* The matrix of distances, or NULL when sysfs has it not whole. */
static uint8_t *read_distances(unsigned int nodes)
{
	uint8_t *d = calloc(nodes, nodes);
	char path[64], *text, *p;
	size_t size;

	for (unsigned int i = 0; d && i < nodes; i++) {
		snprintf(path, sizeof(path), NODE_DIR "/node%u/distance", i);
		if (host_read_file(path, FILE_MAX, &text, &size)) {
			free(d);
			return NULL;
		}
		p = text;
		for (unsigned int j = 0; j < nodes; j++)
			d[i * nodes + j] = (uint8_t)strtoul(p, &p, 10);
		free(text);
	}
	return d;
}

static void self_topology(struct octavo_options *o)
{
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);

	self_table(&o->srat, ACPI_DIR "SRAT");
	self_table(&o->slit, ACPI_DIR "SLIT");
	self_table(&o->madt, ACPI_DIR "APIC");
	if (!o->madt.data)
		o->cpus = cpus > 0 ? (unsigned int)cpus : 1;
	if (o->srat.data)
		return;
	o->nodes = count_nodes();
	o->distances = read_distances(o->nodes);
}

int octavo_options_self(struct octavo_options *o, struct octavo_error *err)
{
	int code;

	memset(o, 0, sizeof(*o));
	code = self_map(o, err);
	if (!code)
		self_topology(o);
	return code;
}

void octavo_options_self_end(struct octavo_options *o)
{
	free((void *)o->map.data);
	free((void *)o->srat.data);
	free((void *)o->slit.data);
	free((void *)o->madt.data);
	free((void *)o->distances);
	memset(o, 0, sizeof(*o));
}
