// SPDX-License-Identifier: MIT
/* Bringing interrupts up, and the end of it all. */
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <octavo/machine.h>
#include <octavo/port.h>
#include <octavo/this_machine.h>
#include <asm/apic.h>
#include <asm/desc.h>
#include <asm/irq.h>
#include <asm/irq_vectors.h>
#include <asm/mapping.h>
#include <asm/msr.h>
#include <asm/time.h>

#define CPUID_1_ECX_HYPERVISOR	(1U << 31)

void __init port_init_interrupts(void)
{
	cpu_tables_root_changed();
	tsc_init_late();
	apic_init();
	apic_timer_start();
}

static int __init panic_option(char *val)
{
	struct x86_port *port = &this_arch()->port;
	int seconds;

	if (!val || kstrtoint(val, 0, &seconds))
		return option_malformed("panic", val,
					"is no number of seconds");
	port->panic_timeout = seconds;
	port->panic_timeout_set = true;
	return 0;
}
early_param("panic", panic_option);

static void stop_other_cpus(void)
{
	struct x86_port *port = &this_arch()->port;

	/* Pairs with the acquire in nmi(). */
	__atomic_store_n(&port->smp.stopping, true, __ATOMIC_RELEASE);
	if (port->apic_ready && num_online_cpus() > 1)
		apic_send_allbutself(APIC_DM_NMI, 0);
}

/*
 * panic=N: the machine ends after N seconds, at once when negative, and
 * stays when 0. By default it ends in an emulator, whose user still sees
 * the report, and stays on real hardware, whose user would not.
 */
void port_panic(void)
{
	const struct x86_port *port = &this_arch()->port;
	int timeout = port->panic_timeout;

	local_irq_disable();
	stop_other_cpus();
	if (!port->panic_timeout_set)
		timeout = cpuid(1).ecx & CPUID_1_ECX_HYPERVISOR ? -1 : 0;
	if (!timeout)
		stop_this_cpu();
	while (timeout-- > 0 && port->clock.tsc_khz)
		x86_udelay(1000000);
	port_poweroff(false);
}
