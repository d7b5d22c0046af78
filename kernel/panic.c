// SPDX-License-Identifier: MIT
/*
 * The end of a machine, and warnings on the way to it.
 *
 * The first CPU that panics writes the report and stops the machine through
 * port_panic(); its number is kept in machine.panic_cpu. A CPU that panics
 * after it writes nothing, so that the report stays whole. A CPU that panics
 * while it panics has lost its way: it stops without another word.
 */
#include <linux/printk.h>

#include <linux/atomic.h>
#include <linux/bug.h>
#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/smp.h>
#include <linux/string.h>

#include <octavo/log.h>
#include <octavo/machine.h>
#include <octavo/port.h>

#define LEVEL_MOTORMOUTH	15	/* a panic's every line is shown */
#define CUT_HERE	"------------[ cut here ]------------\n"

static int current_pid(void)
{
	return machine_or_null() && current ? current->pid : 0;
}

static const char *current_comm(void)
{
	return machine_or_null() && current ? current->comm : "boot";
}

static int current_cpu(void)
{
	return machine_or_null() ? raw_smp_processor_id() : 0;
}

void dump_stack(void)
{
	printk("CPU: %d PID: %d Comm: %.*s\n", current_cpu(), current_pid(),
	       TASK_COMM_LEN, current_comm());
	port_dump_stack();
}

/* True for the one CPU that is to write the report. */
static bool panic_claim(struct machine *m)
{
	return atomic_cmpxchg(&m->panic_cpu, 0, current_cpu() + 1) == 0;
}

void panic(const char *fmt, ...)
{
	struct machine *m = machine_or_null();
	unsigned long flags;
	char text[512];		/* more than any message of the core */
	va_list args;

	if (m) {
		local_irq_save(flags);
		(void)flags;	/* nobody comes back */
		if (!panic_claim(m))
			port_panic();
		console_loglevel_set(LEVEL_MOTORMOUTH);
	}
	va_start(args, fmt);
	vscnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	pr_emerg("Kernel panic - not syncing: %s\n", text);
	dump_stack();
	pr_emerg("---[ end Kernel panic - not syncing: %s ]---\n", text);
	port_panic();
}

void bug_report(const char *file, int line, const char *cond)
{
	pr_emerg(CUT_HERE);
	pr_emerg("kernel BUG at %s:%d! %s\n", file, line, cond);
	panic("Fatal exception");
}

void warn_report(const char *file, int line, const char *fmt, ...)
{
	char text[512];
	va_list args;

	va_start(args, fmt);
	vscnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	pr_warn(CUT_HERE);
	pr_warn("WARNING: CPU: %d PID: %d at %s:%d\n", current_cpu(),
		current_pid(), file, line);
	pr_warn("%s%s", text,
		text[0] && text[strlen(text) - 1] == '\n' ? "" : "\n");
	dump_stack();
	pr_warn("---[ end trace ]---\n");
}

#ifdef CONFIG_COVERAGE
void bug_report_if(bool cond, const char *file, int line, const char *text)
{
	if (cond)
		bug_report(file, line, text);
}
#endif
