/* SPDX-License-Identifier: MIT */
/*
 * The options that describe a machine, the same for every command, as an
 * argp parser. A file that cannot be read and a number that is none end the
 * command with status 2; what the core thinks of their contents comes from
 * octavo_machine_create().
 */
#include <argp.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "octavo.h"

#define MAX_FILE	(4u << 20)	/* bytes: a dmesg has less than 1 MiB */

enum {
	OPT_E820 = 0x100, OPT_IOMEM, OPT_SELF, OPT_MEMORY, OPT_HOLE, OPT_SRAT,
	OPT_SLIT, OPT_MADT, OPT_NODES, OPT_CPUS, OPT_CMDLINE, OPT_SEED,
	OPT_CLOCK_STEP, OPT_EAGER, OPT_DEVICE_MEM,
	OPT_LOWMEM,
};

static const struct argp_option options[] = {
	{ NULL, 0, NULL, 0, "Memory (256M when nothing is said):", 1 },
	{ "memory", OPT_MEMORY, "SIZE", 0,
	  "so many bytes, laid out as on a PC; suffixes K, M, G, T", 0 },
	{ "hole", OPT_HOLE, "SIZE@START", 0, "no RAM there (repeatable)", 0 },
	{ "device-mem", OPT_DEVICE_MEM, "SIZE@START", 0,
	  "a device's memory there, for ioremap() (repeatable)", 0 },
	{ "lowmem", OPT_LOWMEM, "SIZE", 0,
	  "as on 32 bits: the direct map ends there, RAM above is HighMem", 0 },
	{ "e820", OPT_E820, "FILE", 0,
	  "the firmware's map, from a dmesg or lines of \"0xA-0xB usable\"", 0 },
	{ "iomem", OPT_IOMEM, "FILE", 0, "the map of a /proc/iomem", 0 },
	{ "self", OPT_SELF, NULL, 0, "the running system's map and topology",
	  0 },
	{ NULL, 0, NULL, 0, "Topology (one node and CPU when nothing is said):",
	  2 },
	{ "nodes", OPT_NODES, "N", 0, "share memory among so many nodes", 0 },
	{ "cpus", OPT_CPUS, "N", 0, "so many CPUs", 0 },
	{ "srat", OPT_SRAT, "FILE", 0, "nodes from an ACPI SRAT", 0 },
	{ "slit", OPT_SLIT, "FILE", 0, "distances from an ACPI SLIT", 0 },
	{ "madt", OPT_MADT, "FILE", 0, "CPUs from an ACPI MADT", 0 },
	{ NULL, 0, NULL, 0, "The kernel:", 3 },
	{ "cmdline", OPT_CMDLINE, "STRING", 0,
	  "command line: mem=, memmap=, numa=fake=...", 0 },
	{ "seed", OPT_SEED, "N", 0, "of its random numbers", 0 },
	{ "clock-step", OPT_CLOCK_STEP, "NS", 0,
	  "the clock moves by so much at each reading, not with time", 0 },
	{ "eager", OPT_EAGER, NULL, 0,
	  "make all struct pages at the start: 8 MiB for each GiB of RAM", 0 },
	{ NULL, 0, NULL, 0, NULL, 0 },
};

bool parse_size(const char *text, uint64_t *bytes)
{
	static const char suffixes[] = "KMGT";
	const char *suffix;
	char *end;
	unsigned int shift = 0;

	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	*bytes = strtoull(text, &end, 0);
	if (errno || end == text)
		return false;
	if (*end) {
		suffix = strchr(suffixes, *end & ~0x20);
		if (!suffix || end[1])
			return false;
		shift = 10 * (unsigned int)(suffix - suffixes + 1);
	}
	if (*bytes > UINT64_MAX >> shift)
		return false;
	*bytes <<= shift;
	return true;
}

static unsigned int parse_count(struct argp_state *state, const char *option,
				const char *text)
{
	char *end;
	unsigned long n = strtoul(text, &end, 10);

	if (*text < '1' || *text > '9' || *end || n > 1000000)
		argp_error(state, "--%s takes a number from 1 on, not '%s'",
			   option, text);
	return (unsigned int)n;
}

static uint64_t parse_u64(struct argp_state *state, const char *option,
			  const char *text)
{
	uint64_t n = 0;

	if (!parse_size(text, &n))
		argp_error(state, "--%s takes a number, not '%s'", option,
			   text);
	return n;
}

/* The map comes from one place. */
static void set_map(struct argp_state *state, const char *option)
{
	struct machine_args *args = state->input;

	if (args->map_option && strcmp(args->map_option, option))
		argp_error(state, "--%s and --%s: one of them, please",
			   args->map_option, option);
	args->map_option = option;
}

static void *read_file(const char *path, size_t *size)
{
	FILE *f = fopen(path, "re");
	char *data = malloc(MAX_FILE);
	struct stat st;
	int error = errno;

	if (f && !fstat(fileno(f), &st) && S_ISDIR(st.st_mode)) {
		fclose(f);
		f = NULL;
		error = EISDIR;
	}
	if (f && data) {
		*size = fread(data, 1, MAX_FILE, f);
		error = ferror(f) ? EIO : *size == MAX_FILE ? EFBIG : 0;
		fclose(f);
		if (!error)
			return data;
	}
	free(data);
	errno = error;
	return NULL;
}

static void set_input(struct argp_state *state, struct octavo_input *in,
		      const char *path)
{
	struct machine_args *args = state->input;
	void *data;

	if (in->data)
		argp_error(state, "'%s': given twice", path);
	data = read_file(path, &in->size);
	if (!data)
		argp_failure(state, EXIT_USAGE, errno, "%s", path);
	in->data = data;
	in->name = path;
	args->owned[args->nr_owned++] = data;
}

/* One more of @ranges, which have MAX_HOLES places. */
static void add_range(struct argp_state *state, const char *option,
		      const char *text, struct octavo_range *ranges,
		      unsigned int *nr)
{
	struct octavo_range *r = &ranges[*nr];
	const char *at = strchr(text, '@');
	char size[32];

	if (*nr == MAX_HOLES)
		argp_error(state, "more than %d of --%s", MAX_HOLES, option);
	if (at)
		snprintf(size, sizeof(size), "%.*s", (int)(at - text), text);
	if (!at || !parse_size(size, &r->size) ||
	    !parse_size(at + 1, &r->start))
		argp_error(state, "--%s takes SIZE@START, not '%s'", option,
			   text);
	++*nr;
}

static void memory_option(struct argp_state *state, int key, char *arg)
{
	struct machine_args *args = state->input;
	struct octavo_options *o = &args->options;

	if (key == OPT_HOLE) {
		add_range(state, "hole", arg, args->holes, &o->nr_holes);
		return;
	}
	if (key == OPT_DEVICE_MEM) {
		add_range(state, "device-mem", arg, args->devices,
			  &o->nr_device_mem);
		return;
	}
	if (key == OPT_SELF) {
		set_map(state, "self");
		args->self = true;
	} else if (key == OPT_MEMORY) {
		set_map(state, "memory");
		if (!parse_size(arg, &o->memory) || !o->memory)
			argp_error(state,
				   "--memory takes a size such as 4G, not '%s'",
				   arg);
	} else {
		set_map(state, key == OPT_E820 ? "e820" : "iomem");
		set_input(state, &o->map, arg);
		o->map_format = key == OPT_E820 ? OCTAVO_MAP_DMESG :
						  OCTAVO_MAP_IOMEM;
	}
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct machine_args *args = state->input;
	struct octavo_options *o = &args->options;

	switch (key) {
	case OPT_E820:
	case OPT_IOMEM:
	case OPT_SELF:
	case OPT_MEMORY:
	case OPT_HOLE:
	case OPT_DEVICE_MEM:
		memory_option(state, key, arg);
		return 0;
	case OPT_SRAT:
		set_input(state, &o->srat, arg);
		return 0;
	case OPT_SLIT:
		set_input(state, &o->slit, arg);
		return 0;
	case OPT_MADT:
		set_input(state, &o->madt, arg);
		return 0;
	case OPT_NODES:
		o->nodes = parse_count(state, "nodes", arg);
		return 0;
	case OPT_CPUS:
		o->cpus = parse_count(state, "cpus", arg);
		return 0;
	case OPT_CMDLINE:
		args->cmdline = arg;
		return 0;
	case OPT_SEED:
		o->seed = parse_u64(state, "seed", arg);
		return 0;
	case OPT_LOWMEM:
		if (!parse_size(arg, &o->lowmem) || !o->lowmem)
			argp_error(state,
				   "--lowmem takes a size such as 896M, not '%s'",
				   arg);
		return 0;
	case OPT_EAGER:
		o->eager_struct_pages = true;
		return 0;
	case OPT_CLOCK_STEP:
		o->clock_step_ns = parse_u64(state, "clock-step", arg);
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

const struct argp machine_argp = { .options = options, .parser = parse };

/* What the running system says, where the command line says nothing else. */
static int merge_self(struct machine_args *args, struct octavo_options *self,
		      struct octavo_error *err)
{
	struct octavo_options *o = &args->options;
	int code = octavo_options_self(self, err);

	if (code)
		return code;
	o->map = self->map;
	o->map_format = self->map_format;
	if (!o->srat.data && !o->slit.data && !o->nodes) {
		o->srat = self->srat;
		o->slit = self->slit;
		o->nodes = self->nodes;
		o->distances = self->distances;
	}
	if (!o->madt.data && !o->cpus) {
		o->madt = self->madt;
		o->cpus = self->cpus;
	}
	return 0;
}

struct octavo_machine *machine_args_create(struct machine_args *args,
					   int *status)
{
	struct octavo_options self = { 0 };
	struct octavo_machine *m = NULL;
	struct octavo_error err = { 0 };
	int code = 0;

	args->options.holes = args->holes;
	args->options.device_mem = args->devices;
	args->options.cmdline = args->cmdline;
	if (args->self)
		code = merge_self(args, &self, &err);
	if (!code)
		m = octavo_machine_create(&args->options, &err);
	if (!m) {
		fprintf(stderr, "octavo: %s\n", err.text);
		*status = err.code == -EINVAL || err.code == -E2BIG ||
			  err.code == -ENODATA || err.code == -ENOSPC ?
			  EXIT_USAGE : EXIT_FAILED;
	}
	octavo_options_self_end(&self);
	while (args->nr_owned)
		free(args->owned[--args->nr_owned]);
	return m;
}

void emit_to_file(void *ctx, const char *s, size_t n)
{
	fwrite(s, 1, n, ctx);
}
