// SPDX-License-Identifier: MIT
/*
 * Exceptions: what is expected goes on at its fixup, everything else is
 * reported in Linux's form and stops the machine, since the kernel's own
 * code was wrong and no program is there to blame.
 *
 *   BUG: unable to handle page fault for address: ffff...
 *   #PF: supervisor write access in kernel mode
 *   #PF: error_code(0x0003) - permissions violation
 *   PGD 1067 P4D 1067 PUD 2067 PMD 3063 PTE 0
 *   Oops: 0003 [#1] SMP
 *   CPU: 0 PID: 1 Comm: init
 *   RIP: 0010:function+0x10/0x20        (EIP on 32 bits)
 *   Code: ...  (the byte at RIP in <>)
 *   RSP ... all registers ... CR0 CR2 CR3 CR4      regs_64.c, regs_32.c
 *   Call Trace: ...
 *
 * A second fault while reporting is reported shortly and stops at once.
 */
#include <asm/traps.h>

#include <linux/compiler.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/kallsyms.h>
#include <linux/sched.h>
#include <linux/smp.h>
#include <octavo/machine.h>
#include <octavo/port.h>
#include <octavo/this_machine.h>
#include <asm/asm-offsets-ptrace.h>
#include <asm/desc.h>
#include <asm/irq.h>
#include <asm/mapping.h>
#include <asm/msr.h>
#include <asm/time.h>
#include <asm/uaccess.h>

#include "regs.h"

static_assert(sizeof(struct pt_regs) == PT_REGS_SIZE, "pt_regs");
static_assert(offsetof(struct pt_regs, ip) == PT_REGS_IP, "pt_regs.ip");

#define CPUID_1_ECX_HYPERVISOR	(1U << 31)

static struct cpu_tables boot_tables __aligned(PAGE_SIZE);

/* Depth of reports on this CPU: more than one, and reporting is broken. */
static DEFINE_PER_CPU(int, dying);

static const char *const trap_names[NR_EXCEPTION_VECTORS] = {
	[X86_TRAP_DE] = "divide error",
	[X86_TRAP_DB] = "debug",
	[X86_TRAP_NMI] = "NMI",
	[X86_TRAP_BP] = "int3",
	[X86_TRAP_OF] = "overflow",
	[X86_TRAP_BR] = "bounds",
	[X86_TRAP_UD] = "invalid opcode",
	[X86_TRAP_NM] = "device not available",
	[X86_TRAP_DF] = "double fault",
	[X86_TRAP_OLD_MF] = "coprocessor segment overrun",
	[X86_TRAP_TS] = "invalid TSS",
	[X86_TRAP_NP] = "segment not present",
	[X86_TRAP_SS] = "stack segment",
	[X86_TRAP_GP] = "general protection fault",
	[X86_TRAP_PF] = "page fault",
	[X86_TRAP_SPURIOUS] = "spurious interrupt bug",
	[X86_TRAP_MF] = "coprocessor error",
	[X86_TRAP_AC] = "alignment check",
	[X86_TRAP_MC] = "machine check",
	[X86_TRAP_XF] = "simd exception",
	[X86_TRAP_VE] = "virtualization exception",
	[X86_TRAP_CP] = "control protection fault",
};

#define CODE_BEFORE	42	/* bytes of code shown before the fault */
#define CODE_BYTES	64

static void show_code(unsigned long ip)
{
	char line[CODE_BYTES * 5];
	int i, n = 0;
	u8 byte;

	for (i = 0; i < CODE_BYTES; i++) {
		unsigned long at = ip - CODE_BEFORE + (unsigned long)i;

		if (copy_from_kernel_nofault(&byte, (void *)at, 1)) {
			if (i < CODE_BEFORE)
				continue;
			n += scnprintf(line + n, sizeof(line) - n, "%s",
				       at == ip ? "Unable to access opcode bytes" : "");
			break;
		}
		n += scnprintf(line + n, sizeof(line) - n,
			       at == ip ? "<%02x> " : "%02x ", byte);
	}
	pr_alert("Code: %.*s\n", n, line);
}

static void show_ip(const struct pt_regs *regs)
{
	unsigned long offset, size;
	const char *name = kallsyms_lookup(regs->ip, &offset, &size);

	if (name)
		pr_alert(REG_IP_NAME ": %04lx:%s+0x%lx/0x%lx\n", regs->cs, name,
			 offset, size);
	else
		pr_alert(REG_IP_NAME ": %04lx:0x%lx\n", regs->cs, regs->ip);
}

void show_regs(struct pt_regs *regs)
{
	struct task_struct *t = current;
	/* Before show_code(), whose own faults replace it. */
	unsigned long cr2 = read_cr2();

	pr_alert("CPU: %d PID: %d Comm: %.*s\n", raw_smp_processor_id(),
		 t ? t->pid : 0, TASK_COMM_LEN, t ? t->comm : "swapper");
	show_ip(regs);
	show_code(regs->ip);
	show_registers(regs, cr2);
	pr_alert("Call Trace:\n");
	show_stack_frames(regs->bp);
}

void x86_die(const char *what, struct pt_regs *regs)
{
	unsigned int *count = &this_arch()->port.nr_oops;
	unsigned int nr;

	if (this_cpu_read(dying) > 1)
		port_panic();
	this_cpu_inc(dying);
	/* A counter only: orders nothing. */
	nr = __atomic_add_fetch(count, 1, __ATOMIC_RELAXED);
	pr_alert("%s: %04lx [#%u] SMP\n", what, regs->error_code, nr);
	if (this_cpu_read(dying) > 1) {
		show_ip(regs);
		panic("fault while reporting a fault");
	}
	show_regs(regs);
	panic(in_interrupt() ? "Fatal exception in interrupt" :
			       "Fatal exception");
}

/* Linux's hint at a stray pointer: the value that was not canonical. */
static void general_protection(struct pt_regs *regs)
{
	if (fixup_exception(regs))
		return;
	x86_die(regs->error_code ? "general protection fault, selector" :
				   GENERAL_PROTECTION_NO_SELECTOR, regs);
}

static void nmi(struct pt_regs *regs)
{
	/* Pairs with the release in port_panic(). */
	if (__atomic_load_n(&this_arch()->port.smp.stopping, __ATOMIC_ACQUIRE))
		stop_this_cpu();
	pr_emerg("Uhhuh. NMI received for unknown reason on CPU %d.\n",
		 raw_smp_processor_id());
}

void x86_trap(struct pt_regs *regs)
{
	const char *name = trap_names[regs->vector];

	switch (regs->vector) {
	case X86_TRAP_PF:
		x86_page_fault(regs);
		return;
	case X86_TRAP_GP:
		general_protection(regs);
		return;
	case X86_TRAP_NMI:
		nmi(regs);
		return;
	case X86_TRAP_BP:
		/* A breakpoint that nobody set: noted, harmless. */
		pr_warn("int3 at %pS\n", (void *)regs->ip);
		return;
	default:
		x86_die(name ? name : "reserved exception", regs);
	}
}

void __init early_trap_init(void)
{
	idt_setup();
	cpu_tables_load(&boot_tables);
	this_arch()->port.emulated = cpuid(1).ecx & CPUID_1_ECX_HYPERVISOR;
	tsc_init();
}
