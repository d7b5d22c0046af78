// SPDX-License-Identifier: MIT
/*
 * Tracing of programs that know nothing of it, by the environment:
 *
 *   OCTAVO_TRACE=kmem,percpu:*     events of every machine, from its start
 *   OCTAVO_TRACE_FILE=FILE         what they were, when the machine ends:
 *                                  trace-cmd's file if it is called .dat,
 *                                  else text
 *
 * The second machine of a process that ends writes FILE.2, and so on. What is
 * wrong with either is said on the standard error, and the program goes on.
 */
#include "host.h"

#include <linux/kernel.h>
#include <linux/proc_fs.h>
#include <linux/string.h>

#include <octavo/trace.h>

#include "os/include/host_os.h"

#define PATH_BYTES	4096

void host_trace_options(char *cmdline)
{
	const char *events = host_getenv("OCTAVO_TRACE");
	size_t n = strlen(cmdline);

	if (events && *events)
		scnprintf(cmdline + n, COMMAND_LINE_SIZE - n,
			  " trace_event=%s", events);
}

static void __printf(1, 2) complain(const char *fmt, ...)
{
	char line[PATH_BYTES + 256];
	va_list args;
	int n;

	va_start(args, fmt);
	n = vscnprintf(line, sizeof(line), fmt, args);
	va_end(args);
	host_write_stderr(line, (size_t)n);
}

void host_trace_started(void)
{
	const char *events = host_getenv("OCTAVO_TRACE");
	char why[TRACE_WHY_MAX];

	if (events && *events &&
	    trace_events_set(events, true, why, sizeof(why)))
		complain("octavo: OCTAVO_TRACE=%s: %s\n", events, why);
}

/* The name of this process's next file. */
static void file_name(char path[PATH_BYTES], const char *name)
{
	static unsigned int files;	/* a: given names so far */
	unsigned int n = __atomic_add_fetch(&files, 1, __ATOMIC_RELAXED);

	if (n == 1)
		strscpy(path, name, PATH_BYTES);
	else
		scnprintf(path, PATH_BYTES, "%s.%u", name, n);
}

void host_trace_write(struct machine *m)
{
	const char *name = host_getenv("OCTAVO_TRACE_FILE");
	size_t n = name ? strlen(name) : 0;
	bool dat = n >= 4 && !strcmp(name + n - 4, ".dat");
	char path[PATH_BYTES];
	void *file;
	int err;

	/* Without its events on it has nothing to say. */
	if (!n || !m->trace.nr_pages || atomic_read(&m->panic_cpu))
		return;
	file_name(path, name);
	file = host_file_create(path, &err);
	if (file) {
		err = octavo_cat((struct octavo_machine *)m,
				 dat ? SYS_TRACING "trace.dat" :
				       SYS_TRACING "trace",
				 host_file_write, file);
		err = host_file_close(file) ?: err;
	}
	if (err)
		complain("octavo: OCTAVO_TRACE_FILE=%s: error %d\n", path,
			 err);
}
