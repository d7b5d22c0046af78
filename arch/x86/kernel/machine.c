// SPDX-License-Identifier: MIT
/* The one machine, and the small answers of the port contract. */
#include <octavo/machine.h>

#include <linux/init.h>
#include <linux/percpu.h>
#include <octavo/port.h>
#include <asm/current.h>
#include <asm/msr.h>

struct machine octavo_machine;

DEFINE_PER_CPU(unsigned long, this_cpu_off);
DEFINE_PER_CPU(struct task_struct *, current_task);

#define CPUID_1_ECX_RDRAND	(1U << 30)
/* What Intel advises: it fails ten times in a row only when broken. */
#define RDRAND_TRIES		10

void port_switch_percpu(unsigned long offset)
{
	wrmsrq(MSR_GS_BASE, offset);
	this_cpu_write(this_cpu_off, offset);
}

u64 port_cycles(void)
{
	return rdtsc();
}

static bool rdrand(unsigned long *v)
{
	bool ok;

	__asm__ __volatile__("rdrand %0" : "=r" (*v), "=@ccc" (ok));
	return ok;
}

/* Spreads each bit of @x over all of the result (a xorshift-multiply). */
static u64 mix(u64 x)
{
	x ^= x >> 31;
	x *= 0x9e3779b97f4a7c15ULL;
	x ^= x >> 29;
	x *= 0xd1342543de82ef95ULL;
	return x ^ x >> 32;
}

u64 port_random(void)
{
	unsigned long v;
	int i;

	if (cpuid(1).ecx & CPUID_1_ECX_RDRAND)
		for (i = 0; i < RDRAND_TRIES; i++)
			if (rdrand(&v))
				return v;
	return mix(rdtsc() ^ this_cpu_offset());
}

/* No checker of memory accesses runs below this kernel. */
void port_poison(const void *p, size_t n)
{
}

void port_unpoison(const void *p, size_t n)
{
}
