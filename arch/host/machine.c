// SPDX-License-Identifier: MIT
/*
 * Machines as values: making, starting, ending them.
 *
 * A machine is one struct machine in pages of its own, an arena, and a copy
 * of the per-CPU variables for early boot. A new one is "bare": bound to the
 * calling thread as CPU 0, with nothing but the port's part filled. Booting
 * a bare one with a plan runs start_kernel(); a test of early boot takes it
 * bare, with an arena of its choice.
 *
 *   host_machine_new ── bare ── host_machine_boot ── running ── octavo_bind
 *                          └──────────┬────────────────┘
 *                             host_machine_free
 *
 * A panic while booting comes back here through host_catch(), and its text is
 * the error that the caller gets. Nothing stays behind: what the core had
 * allocated lay in the arena.
 */
#include "host.h"

#include <linux/atomic.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/mmzone.h>
#include <linux/percpu-defs.h>
#include <linux/string.h>

#include <octavo/machine.h>
#include <octavo/port.h>
#include <octavo/start.h>

#include "os/include/host_os.h"
#include "plan.h"

#define PANIC_TEXT	"Kernel panic - not syncing: "

static size_t percpu_size(void)
{
	return (size_t)(__per_cpu_end - __per_cpu_start);
}

/* ---- a bare machine -------------------------------------------------- */

static void machine_set_inputs(struct arch_machine *a,
			       const struct octavo_options *o)
{
	a->console = o->console;
	a->console_ctx = o->console_ctx;
	a->clock_start = host_monotonic_ns();
	a->clock_step = o->clock_step_ns;
	a->random_state = o->seed ? o->seed : host_entropy();
}

struct machine *host_machine_new(const struct octavo_options *options)
{
	struct machine *m = host_pages_alloc(sizeof(*m));

	if (!m)
		return NULL;
	m->arch.boot_percpu = host_pages_alloc(percpu_size());
	if (!m->arch.boot_percpu) {
		host_pages_free(m, sizeof(*m));
		return NULL;
	}
	memcpy(m->arch.boot_percpu, __per_cpu_start, percpu_size());
	machine_set_inputs(&m->arch, options);
	host_cpu = (struct host_cpu){
		.machine = m,
		.percpu_offset = (unsigned long)m->arch.boot_percpu -
				 (unsigned long)__per_cpu_start,
		.irqs_off = 1,
	};
	host_gdb_add(m);
	return m;
}

void host_machine_free(struct machine *m)
{
	host_gdb_remove(m);
	if (this_machine() == m)
		host_cpu = (struct host_cpu){ 0 };
	host_percpu_release(&m->arch);
	host_kvirt_release(&m->arch);
	host_fixmap_release(&m->arch);
	host_highmem_release(&m->arch);
	host_devices_release(&m->arch);
	host_arena_release(&m->arch);
	if (m->arch.boot_percpu)
		host_pages_free(m->arch.boot_percpu, percpu_size());
	host_pages_free(m, sizeof(*m));
}

/* The booting CPU has an area of its own from here on. */
void port_switch_percpu(unsigned long offset)
{
	host_cpu.percpu_offset = offset;
}

/* ---- starting -------------------------------------------------------- */

static void boot_body(void *arg)
{
	struct machine *m = arg;

	start_kernel();
	host_pages_free(m->arch.boot_percpu, percpu_size());
	m->arch.boot_percpu = NULL;
	host_cpus_start(m);
	start_late();
}

/* The message of the last panic's line in the log. */
static void panic_line(void *ctx, const char *s, size_t n)
{
	struct octavo_error *err = ctx;
	char line[sizeof(err->text)];
	const char *text;
	size_t len;

	len = min(n, sizeof(line) - 1);
	memcpy(line, s, len);
	line[len] = '\0';
	text = strstr(line, PANIC_TEXT);
	if (text && !strstr(line, "---["))
		host_error(err, -ENOMEM, "%.*s",
			   (int)strcspn(text + strlen(PANIC_TEXT), "\n"),
			   text + strlen(PANIC_TEXT));
}

int host_machine_boot(struct machine *m, const struct host_plan *plan,
		      struct octavo_error *err)
{
	u64 cpu = host_thread_cpu_ns(), wall = host_monotonic_ns();
	const char *cmdline = plan->options->cmdline;
	int thrown;

	m->arch.plan = plan;
	m->page_alloc.deferred_lazy = !plan->options->eager_struct_pages;
	strscpy(m->command_line, cmdline ? cmdline : "", COMMAND_LINE_SIZE);
	host_trace_options(m->command_line);
	thrown = host_catch(boot_body, m);
	m->arch.plan = NULL;
	m->arch.boot_cpu_ns = host_thread_cpu_ns() - cpu;
	m->arch.boot_wall_ns = host_monotonic_ns() - wall;
	if (!thrown)
		return 0;
	host_error(err, -EIO, "the machine did not start");
	log_for_each(panic_line, err);
	return err->code;
}

/* ---- for programs ---------------------------------------------------- */

static struct machine *machine_create(const struct octavo_options *options,
				      struct octavo_error *err)
{
	struct host_plan *plan = host_alloc(sizeof(*plan));
	struct machine *m = NULL;

	if (!plan) {
		host_error(err, -ENOMEM, "no memory for a plan");
		return NULL;
	}
	if (host_plan_make(plan, options, err))
		goto out;
	m = host_machine_new(options);
	if (!m) {
		host_error(err, -ENOMEM, "no memory for a machine");
		goto out;
	}
	if (host_machine_boot(m, plan, err)) {
		host_cpus_stop(m);
		host_machine_free(m);
		m = NULL;
	}
out:
	host_free(plan);
	return m;
}

struct octavo_machine *
octavo_machine_create(const struct octavo_options *options,
		      struct octavo_error *err)
{
	struct octavo_error own;
	struct host_cpu saved = host_cpu;
	struct machine *m;

	if (!err)
		err = &own;
	if (options->cmdline && strlen(options->cmdline) >= COMMAND_LINE_SIZE) {
		host_error(err, -E2BIG, "command line of %llu bytes: at most %u",
			   (u64)strlen(options->cmdline),
			   COMMAND_LINE_SIZE - 1);
		return NULL;
	}
	host_cpu = (struct host_cpu){ 0 };
	m = machine_create(options, err);
	if (m) {
		host_trace_started();
		host_cpu_release();
	}
	host_cpu = saved;
	return (struct octavo_machine *)m;
}

void octavo_machine_destroy(struct octavo_machine *machine)
{
	struct machine *m = machine_of(machine);

	if (!m)
		return;
	host_trace_write(m);
	/* A machine that has panicked runs nothing more, not even that. */
	if (this_machine() == m && !atomic_read(&m->panic_cpu))
		octavo_unbind();
	host_cpus_stop(m);
	host_machine_free(m);
}

int octavo_bind(struct octavo_machine *machine, unsigned int cpu)
{
	struct machine *m = machine_of(machine);

	if (this_machine())
		return -EBUSY;
	if (cpu >= NR_CPUS || !cpumask_test_cpu(cpu, &m->cpu_online))
		return -EINVAL;
	return host_cpu_acquire(m, cpu);
}

void octavo_unbind(void)
{
	if (this_machine())
		host_cpu_release();
}

struct octavo_machine *octavo_bound(void)
{
	return (struct octavo_machine *)this_machine();
}
