// SPDX-License-Identifier: MIT
/*
 * The memory behind chunks of per-CPU objects: for each possible CPU one block
 * of pages of its node, shown at its slot's addresses, and a page that holds
 * the chunk's record.
 *
 * A slot is busy from before its chunk is made until after it is gone, so two
 * CPUs that make chunks at once use different ones. Nothing here holds the
 * state's lock while it allocates, maps or waits.
 *
 * Failure. What a chunk had got so far is given back, and the caller learns
 * which of addresses, record, pages and mapping was not to be had.
 */
#include "percpu.h"

#include <linux/cpumask.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/spinlock.h>
#include <linux/topology.h>

#include <octavo/plant.h>
#include <octavo/port.h>

static unsigned long unit_address(unsigned int slot, unsigned int cpu)
{
	return percpu_state()->base + (unsigned long)cpu * PERCPU_STRIDE +
	       (unsigned long)slot * PERCPU_UNIT_SIZE;
}

void __percpu_mark(unsigned long handle, size_t bytes, bool used)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		void *p = per_cpu_ptr((char *)handle, cpu);

		if (used)
			port_unpoison(p, bytes);
		else
			port_poison(p, bytes);
	}
}

static unsigned int slot_claim(struct percpu_state *s)
{
	unsigned long flags;
	unsigned int slot;

	spin_lock_irqsave(&s->lock, flags);
	for (slot = 0; slot < PERCPU_SLOTS; slot++)
		if (!chunk_bit(s->busy, slot)) {
			if (!PLANT(percpu_slot_unclaimed))
				s->busy[slot / 64] |= BIT_ULL(slot % 64);
			break;
		}
	spin_unlock_irqrestore(&s->lock, flags);
	return slot;
}

static void slot_release(struct percpu_state *s, unsigned int slot)
{
	unsigned long flags;

	spin_lock_irqsave(&s->lock, flags);
	BUG_ON(!chunk_bit(s->busy, slot) || s->chunk[slot]);
	s->busy[slot / 64] &= ~BIT_ULL(slot % 64);
	spin_unlock_irqrestore(&s->lock, flags);
}

/* Maps and pages of the CPUs below @end; flushes before any page goes. */
static void units_drop(struct percpu_chunk *chunk, unsigned int end)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu)
		if (cpu < end)
			port_percpu_unmap(unit_address(chunk->slot, cpu),
					  PERCPU_UNIT_SIZE);
	port_flush_tlb_all();
	for_each_possible_cpu(cpu)
		if (cpu < end && !(PLANT(percpu_unit_lost) && cpu))
			__free_pages(pfn_to_page(chunk->pfn[cpu]),
				     PERCPU_UNIT_ORDER);
}

static const char *unit_create(struct percpu_chunk *chunk, unsigned int cpu,
			       gfp_t gfp)
{
	struct page *page = alloc_pages_node(cpu_to_node((int)cpu), gfp,
					     PERCPU_UNIT_ORDER);

	if (!page)
		return "no pages for a CPU's unit";
	chunk->pfn[cpu] = (u32)page_to_pfn(page);
	if (!port_percpu_map(unit_address(chunk->slot, cpu),
			     PFN_PHYS((phys_addr_t)chunk->pfn[cpu]),
			     PERCPU_UNIT_SIZE))
		return NULL;
	__free_pages(page, PERCPU_UNIT_ORDER);
	return "a CPU's unit cannot be mapped";
}

/* 0 or the reason; @chunk->slot is claimed. */
static const char *units_create(struct percpu_chunk *chunk, gfp_t gfp)
{
	const char *why;
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		why = unit_create(chunk, cpu, gfp);
		if (why) {
			units_drop(chunk, cpu);
			return why;
		}
	}
	return NULL;
}

struct percpu_chunk *chunk_create(gfp_t gfp, const char **why)
{
	struct percpu_state *s = percpu_state();
	unsigned int slot = slot_claim(s);
	struct percpu_chunk *chunk;

	BUILD_BUG_ON(PERCPU_UNIT_SIZE != PAGE_SIZE << PERCPU_UNIT_ORDER);
	*why = "all addresses are in use";
	if (slot == PERCPU_SLOTS)
		return NULL;
	*why = "no page for a chunk's record";
	chunk = (struct percpu_chunk *)get_zeroed_page(gfp);
	if (!chunk)
		goto release;
	chunk->slot = (u16)slot;
	*why = units_create(chunk, gfp);
	if (*why)
		goto free;
	chunk_init(chunk, slot, 0);
	percpu_mark(chunk_handle(chunk), PERCPU_UNIT_SIZE, false);
	return chunk;
free:
	free_page((unsigned long)chunk);
release:
	slot_release(s, slot);
	return NULL;
}

void chunk_destroy(struct percpu_chunk *chunk)
{
	unsigned int slot = chunk->slot;

	units_drop(chunk, nr_cpu_ids);
	free_page((unsigned long)chunk);
	slot_release(percpu_state(), slot);
}

phys_addr_t per_cpu_ptr_to_phys(void *addr)
{
	struct percpu_state *s = percpu_state();
	unsigned long at = (unsigned long)addr - s->base;
	unsigned long cpu = at / PERCPU_STRIDE;
	unsigned long slot = at % PERCPU_STRIDE / PERCPU_UNIT_SIZE;

	BUG_ON(cpu >= nr_cpu_ids || !cpu_possible(cpu) || !s->chunk[slot]);
	return PFN_PHYS((phys_addr_t)s->chunk[slot]->pfn[cpu]) +
	       at % PERCPU_UNIT_SIZE;
}

bool is_kernel_percpu_address(unsigned long addr)
{
	unsigned long at = addr - percpu_state()->base;

	return at / PERCPU_STRIDE < nr_cpu_ids &&
	       cpu_possible(at / PERCPU_STRIDE) &&
	       at % PERCPU_STRIDE < this_machine()->percpu_unit_size;
}

unsigned long pcpu_nr_pages(void)
{
	unsigned long chunks =
		__atomic_load_n(&percpu_state()->nr_chunks, __ATOMIC_RELAXED);

	return chunks * num_possible_cpus() << PERCPU_UNIT_ORDER;
}
