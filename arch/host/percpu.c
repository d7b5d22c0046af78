// SPDX-License-Identifier: MIT
/*
 * Addresses of per-CPU areas: a reservation of the process's address space,
 * where pieces of the machine's memfd are mapped a second time.
 */
#include "host.h"

#include <linux/align.h>
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/percpu.h>

#include <octavo/machine.h>
#include <octavo/port.h>

#include "os/include/host_os.h"

unsigned long port_percpu_space(unsigned int nr, size_t stride)
{
	struct arch_machine *a = this_arch();

	a->percpu_space_size = nr * stride;
	a->percpu_stride = stride;
	a->percpu_space = host_space_reserve(a->percpu_space_size,
					     PERCPU_UNIT_SIZE);
	return (unsigned long)a->percpu_space;
}

/* Where @addr lies in its CPU's stride, bytes. */
static size_t percpu_at(const struct arch_machine *a, unsigned long addr)
{
	return (addr - (unsigned long)a->percpu_space) % a->percpu_stride;
}

int port_percpu_map(unsigned long addr, phys_addr_t phys, size_t size)
{
	struct arch_machine *a = this_arch();
	size_t end = percpu_at(a, addr) + size;
	size_t was = __atomic_load_n(&a->percpu_end, __ATOMIC_RELAXED);

	if (host_space_show(a->arena, (void *)addr, phys, size, true))
		return -ENOMEM;
	while (was < end &&
	       !__atomic_compare_exchange_n(&a->percpu_end, &was, end, false,
					    __ATOMIC_RELAXED,
					    __ATOMIC_RELAXED))
		;
	return 0;
}

void port_percpu_unmap(unsigned long addr, size_t size)
{
	port_unpoison((void *)addr, size);
	BUG_ON(host_space_hide((void *)addr, size));
}

void host_percpu_release(struct arch_machine *a)
{
	char *unit = a->percpu_space;
	char *end = unit + a->percpu_space_size;

	if (!unit)
		return;
	for (; unit < end; unit += a->percpu_stride)
		host_unpoison(unit, a->percpu_end);
	host_space_release(a->percpu_space, a->percpu_space_size);
	a->percpu_space = NULL;
}
