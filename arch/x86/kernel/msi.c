// SPDX-License-Identifier: MIT
/*
 * Interrupts that devices send as a write to an address: the local APIC of the
 * CPU that the address names takes the value as a vector.
 *
 *   address   fee00000 | APIC id << 12      value   vector
 *
 * All go to the booting CPU. Its interrupts do not nest, so a handler has
 * ended once that CPU has answered a call.
 *
 * Locks: lock for which vectors are used. An interrupt reads the handler
 * without it: the handler is stored after its argument.
 */
#include <asm/pci_host.h>

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/smp.h>
#include <linux/spinlock.h>
#include <octavo/this_machine.h>
#include <asm/irq_vectors.h>
#include <asm/numa.h>
#include <asm/x86_init.h>

#define MSI_ADDRESS		0xfee00000ULL
#define MSI_ADDRESS_ID_SHIFT	12
#define MSI_ADDRESS_ID_MOST	0xff

static struct x86_msi *msi(void)
{
	return &this_arch()->port.msi;
}

int msi_alloc(void (*handler)(void *arg), void *arg, u64 *address, u32 *data)
{
	u32 id = cpu_to_apicid(0);
	int i, found = -ENOSPC;
	unsigned long flags;

	if (id > MSI_ADDRESS_ID_MOST)
		return -ENOSPC;
	spin_lock_irqsave(&msi()->lock, flags);
	for (i = 0; i < (int)NR_MSI_VECTORS && found < 0; i++) {
		if (msi()->vector[i].handler)
			continue;
		msi()->vector[i].arg = arg;
		/* Pairs with the load in msi_interrupt(). */
		__atomic_store_n(&msi()->vector[i].handler, handler,
				 __ATOMIC_RELEASE);
		found = i;
	}
	spin_unlock_irqrestore(&msi()->lock, flags);
	*address = MSI_ADDRESS | (u64)id << MSI_ADDRESS_ID_SHIFT;
	*data = MSI_VECTOR_FIRST + (u32)max(found, 0);
	return found;
}

static void msi_nothing(void *unused)
{
	(void)unused;
}

void msi_free(int irq)
{
	if (irq < 0 || irq >= (int)NR_MSI_VECTORS)
		return;
	__atomic_store_n(&msi()->vector[irq].handler, NULL, __ATOMIC_RELEASE);
	/* A handler that runs there ends before the CPU answers. */
	smp_call_function_single(0, msi_nothing, NULL, 1);
}

bool msi_interrupt(unsigned int vector)
{
	unsigned int i = vector - MSI_VECTOR_FIRST;
	void (*handler)(void *arg);

	if (i >= NR_MSI_VECTORS)
		return false;
	/* Pairs with the store in msi_alloc(). */
	handler = __atomic_load_n(&msi()->vector[i].handler, __ATOMIC_ACQUIRE);
	if (!handler)
		return false;
	handler(msi()->vector[i].arg);
	return true;
}
