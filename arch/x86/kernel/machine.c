// SPDX-License-Identifier: MIT
/* The one machine, and the small answers of the port contract. */
#include <octavo/machine.h>

#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/percpu.h>
#include <linux/string.h>
#include <octavo/port.h>
#include <asm/current.h>
#include <asm/desc.h>
#include <asm/msr.h>

struct machine octavo_machine;

DEFINE_PER_CPU(unsigned long, this_cpu_off);
DEFINE_PER_CPU(struct task_struct *, current_task);

#define CPUID_1_ECX_RDRAND	(1U << 30)
/* What Intel advises: it fails ten times in a row only when broken. */
#define RDRAND_TRIES		10

void port_switch_percpu(unsigned long offset)
{
	percpu_segment_set(offset);
	this_cpu_write(this_cpu_off, offset);
}

u64 port_cycles(void)
{
	return rdtsc();
}

static bool rdrand_word(unsigned long *v)
{
	bool ok;
	int i;

	for (i = 0; i < RDRAND_TRIES; i++) {
		__asm__ __volatile__("rdrand %0" : "=r" (*v), "=@ccc" (ok));
		if (ok)
			return true;
	}
	return false;
}

/* As many words as 64 bits have. */
static bool rdrand(u64 *v)
{
	unsigned long word[sizeof(u64) / sizeof(long)];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(word); i++)
		if (!rdrand_word(&word[i]))
			return false;
	memcpy(v, word, sizeof(*v));
	return true;
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
	u64 v;

	if (cpuid(1).ecx & CPUID_1_ECX_RDRAND && rdrand(&v))
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
