/* SPDX-License-Identifier: MIT */
/*
 * The port contract: all that the core asks of what it runs on.
 *
 * A port answers with headers in its asm/ folder, which cost nothing where
 * the answer is an instruction, and with the functions below.
 *
 *  asm/machine.h   struct arch_machine; this_machine()
 *  asm/page.h      PORT_CHECKS_MEMORY: whether port_poison() does anything;
 *                  PAGE_SHIFT, PAGE_SIZE, PAGE_MASK, PMD_SHIFT, PAGE_OFFSET;
 *                  __pa(), __va(), virt_to_page(), clear_page(), copy_page();
 *                  MAX_PHYSMEM_BITS, SECTION_SIZE_BITS, MAX_DMA_PFN,
 *                  MAX_DMA32_PFN, PORT_ZONES (bits of enum zone_type);
 *                  PORT_PERCPU_STRIDE: addresses for each CPU's variables;
 *                  PORT_KVIRT_CHUNK_SHIFT: log2 of the bytes of addresses
 *                  of kernel mappings that a CPU has at hand, 2^19 or more
 *  asm/clear_page.h  clear_pages(): many at once
 *  asm/vmemmap.h   vmemmap, the base of the virtual mem_map
 *  asm/percpu.h    this_cpu_offset(), asm_this_cpu_read/write/add(var),
 *                  cpu_anchor(), asm_this_cpu_read/write/ptr_at(anchor, ..)
 *  asm/irqflags.h  arch_local_irq_save/restore/disable/enable,
 *                  arch_local_save_flags, arch_irqs_disabled
 *  asm/processor.h cpu_relax(): a hint that this CPU waits for another
 *  asm/point.h     where a simulated build (docs/simulation.md) chooses what
 *                  happens next; nothing, or a plain access, elsewhere:
 *                  port_point(p): before an access to *p that other CPUs may
 *                  see; without p: to something; port_read_point(p): one that
 *                  only reads; port_locked_point(p): a locked operation, which
 *                  all earlier stores of this CPU precede;
 *                  port_store(p, v, order), port_load(p, order): an access
 *                  with an __ATOMIC_ order below SEQ_CST. Others may see the
 *                  store late, this CPU's own port_load() sees it at once;
 *                  port_any(p), port_any_of(p, mask), port_is(p, v):
 *                  whether 32 bits are not 0, any of mask's bits is 1 in
 *                  them, 64 bits are v: relaxed loads; port_put(p, v): a
 *                  relaxed store of 64 bits; these two may be made of
 *                  accesses of 32 bits each, the low half first;
 *                  port_here_store(p, v), port_here_any(p): a store with
 *                  release, and whether 32 bits are not 0 with acquire, of
 *                  what this_cpu_here() (linux/percpu-defs.h) points to;
 *                  port_planted(plant): octavo/plant.h
 *  asm/pgtable.h   kernel page tables: types and accessors of entries
 *  asm/kvirt.h     VMALLOC_START, VMALLOC_END: the addresses of kernel
 *                  mappings, behind the last; both 0: a port without any,
 *                  which is built with mm/kvirt/none.c and needs none of the
 *                  calls named port_kvirt_* but port_kvirt_has(addr): whether
 *                  that is between them; port_kvirt_show(), _hide()
 *  asm/highmem.h   where RAM may lie above the direct map: builds with
 *                  CONFIG_HIGHMEM. pte_t is asm/pgtable.h's; an address is a
 *                  page's. Entries are written by one at a time.
 *                  PKMAP_BASE, LAST_PKMAP: so many pages of addresses, at most
 *                  PKMAP_MAX, for kmap(); kmap_prot: pgprot_t, what of
 *                  PAGE_KERNEL the CPUs have;
 *                  port_kmap_setup(): whatever the others need; once, in
 *                  start-up, when there are per-CPU areas. Panics;
 *                  port_pkmap_set(addr, pte): the entry of one of these, which
 *                  was none; port_pkmap_clear(addr): it is none again, and
 *                  CPUs may remember it until port_flush_tlb_range();
 *                  port_pkmap_pte(addr): reads it;
 *                  port_kmap_local_base(cpu): the first of KM_MAX_IDX pages of
 *                  addresses, one behind the other, that are CPU @cpu's; the
 *                  page in front of them is never mapped, nor another CPU's
 *                  (so KM_PAGES_PER_CPU for each);
 *                  port_kmap_local_set(addr, pte), _clear(addr), _pte(addr):
 *                  the same by that CPU; after _clear() it has forgotten the
 *                  translation. Any context;
 *                  port_kmap_local_push(v): adds v to this CPU's
 *                  kmap_local_top (linux/kmap_local.h) and gives the sum: so
 *                  that no interrupt, and no other thread, is in between;
 *                  port_kmap_local_is(addr, var), _below(addr, var): whether
 *                  addr is what this CPU's copy of an unsigned long is, is
 *                  less
 *  asm/io.h        ports: inb() and its like; asm-generic/io.h
 *  asm/ioremap.h   port_io_reachable(start, end): whether all physical
 *                  addresses of [start, end) can be mapped, RAM or not
 *  ioremap() and its like (linux/io.h)
 *  asm/current.h   current
 *  asm/thread.h    struct thread_struct
 *  asm/init.h      __init, __initdata, __initconst
 *  asm/proc_files.h  PORT_PROC_FILES, PORT_DEBUG_FILES: what it adds to
 *                  /proc and to /sys/kernel/debug
 *  stack_trace_save()   the calling stack's return addresses (linux/
 *                  stacktrace.h)
 *  kallsyms_lookup(), kallsyms_for_each()   names of addresses (linux/
 *                  kallsyms.h); the second where there are tracepoints
 *  octavo_gdb_port      what gdb must know of it (octavo/gdb.h)
 *  kunit_setjmp, kunit_longjmp   where unit tests run (lib/kunit.c)
 *
 * Besides, the port runs start_kernel() (octavo/start.h) on the booting CPU
 * with interrupts off, this_machine() zeroed but for arch and the command
 * line, and per-CPU variables readable.
 */
#ifndef _OCTAVO_PORT_H
#define _OCTAVO_PORT_H

#include <linux/cpumask.h>
#include <linux/types.h>

struct machine;

/*
 * Fills this_machine()'s firmware map, reserves what firmware, image and
 * tables occupy, finds the topology, maps memory and calls free_area_init().
 * The command line is in boot_command_line. Stops the machine when there is
 * no usable RAM.
 */
void setup_arch(void);

/*
 * After mm_init() and sched_init(), on the booting CPU: handlers and the tick
 * are installed and interrupts can be turned on (the caller does).
 */
void port_init_interrupts(void);

/* Nanoseconds since the machine started; never runs backwards. */
u64 port_clock_ns(void);
/* A fast counter of no fixed unit, for measuring. */
u64 port_cycles(void);
/* A random number; the seed is an input of the machine where it has one. */
u64 port_random(void);

/*
 * Gives what only start-up needed of the image to the page allocator, and
 * says how much that was. Once, when start-up is over.
 */
void free_initmem(void);

/* Writes to the console. Any context; takes no lock of the core. */
void port_console_write(const char *s, size_t n);
/* Waits for a character; -EAGAIN when @wait is false and none is there. */
int port_console_read(bool wait);

/*
 * Writes bytes, as they are, to where the port keeps what outlives the
 * machine; false: there is no such place. Task context.
 */
bool port_dump_write(const char *s, size_t n);

/* After a panic's report: stops every CPU of the machine for good. */
void __noreturn port_panic(void);
/* Ends the machine in order; @ok tells whoever started it. */
void __noreturn port_poweroff(bool ok);
/* Ends the machine so that it starts anew, where the port can do that. */
void __noreturn port_reboot(void);
/* Writes the calling stack to the log. */
void port_dump_stack(void);

/* This CPU, or all of @cpus, forget translations of [start, end). */
void port_flush_tlb_range(unsigned long start, unsigned long end);
void port_flush_tlb_all(void);

/*
 * The direct map's lines at the end of /proc/meminfo. A port without page
 * tables of its own has none (the default in fs/proc/meminfo.c).
 */
struct seq_file;
void arch_report_meminfo(struct seq_file *m);

/* Asks @cpu to look at its reschedule flag, at its pending calls. */
void port_send_reschedule(unsigned int cpu);
void port_send_call(unsigned int cpu);
/*
 * On each CPU of @cpus that runs but this one, all memory accesses before some
 * moment after the call are done before all that follow that moment; the
 * moment has passed on return. This CPU's own are ordered too. So a CPU that
 * stores one word and loads another, without a barrier in between, and one
 * that stores the other, calls this and loads the one, do not both miss what
 * the other stored. Task context, interrupts on unless no other CPU is online.
 */
void port_cpu_barrier(const struct cpumask *cpus);
/* Starts CPU @cpu, which then runs start_secondary(); 0 or -errno. */
int port_cpu_up(unsigned int cpu);
/*
 * Stops CPU @cpu, which idles, is in no mask and is called by nobody. On return
 * it touches no memory until port_cpu_up(). 0 or -errno: it goes on. May sleep.
 */
int port_cpu_down(unsigned int cpu);

/*
 * The booting CPU's per-CPU area is now at @offset from the template: makes
 * this_cpu_offset() say so. Its contents have been copied.
 */
void port_switch_percpu(unsigned long offset);

/*
 * Where the areas of @nr CPUs go: @nr * @stride bytes of addresses, aligned to
 * PERCPU_UNIT_SIZE, that nothing else uses and that map nothing yet. 0 when
 * there are none. Once, from setup_per_cpu_areas().
 */
unsigned long port_percpu_space(unsigned int nr, size_t stride);
/*
 * Shows the @size bytes of RAM at @phys at @addr in that space as well; both
 * page-aligned. 0 or -ENOMEM, with nothing mapped there. Any context but NMI.
 */
int port_percpu_map(unsigned long addr, phys_addr_t phys, size_t size);
/*
 * Undoes it. The caller flushes what CPUs remember before the memory goes to
 * somebody else. May sleep.
 */
void port_percpu_unmap(unsigned long addr, size_t size);

/*
 * Kernel mappings (mm/kvirt). The core writes the tables; setup says which,
 * and where.
 *
 * setup: [*start, *end), multiples of PMD_SIZE, that nothing else uses; *root:
 * the top table, in which only the core changes what translates that range;
 * *huge: whether leaves of PMD_SIZE may be used. 0 or -ENOMEM. Once, in
 * start-up, when objects can be had.
 *
 * port_kvirt_show(start, end): entries of [start, end) have come, where there
 * were none; the tables say which. 0, or -ENOMEM with nothing shown. _hide:
 * none of [start, end) is in use any more; before port_flush_tlb_range(). A
 * port whose CPUs read the tables has nothing to do in either. They may sleep.
 *
 * prot: what of @prot the CPUs have.
 */
int port_kvirt_setup(unsigned long *start, unsigned long *end, void **root,
		     bool *huge);
u64 port_kvirt_prot(u64 prot);

/*
 * Backs the struct pages [start, end) (addresses in vmemmap) with memory of
 * node @nid. 0 or -ENOMEM. Early boot.
 */
int vmemmap_populate(unsigned long start, unsigned long end, int nid);

/*
 * Where the kinds of all frames are, PFN 0's first: memory that is zero until
 * it is written and costs nothing until then. Only in builds that choose
 * mm/slab/slab_frames_port.c.
 */
u16 *port_frame_kinds(void);

/*
 * Calls @scan for each range of memory that may hold pointers and that the
 * core does not know of: data of the image and, with @stacks, those of
 * threads, the calling one's from its caller's frame on with the registers
 * that it has to keep. What is shown may be a copy, good for the call. Task
 * context; @scan takes spin locks only.
 */
void port_memory_roots(void (*scan)(void *ctx, const void *start,
				    const void *end),
		       void *ctx, bool stacks);
/*
 * Any access to the page of RAM at @page, by its address in the direct map,
 * faults from now on (@guard), or does not. CPUs other than this one may
 * notice a guard later, by two ticks at most where there are ticks. The port
 * hands such a fault to kfence_handle_page_fault(). Any context but NMI; the
 * first call for a page is start-up's.
 */
void port_page_guard(const void *page, bool guard);

/*
 * Tells the port's memory checker (if it has one) that @n bytes at @p may no
 * longer, or may again, be touched.
 */
void port_poison(const void *p, size_t n);
void port_unpoison(const void *p, size_t n);

#endif
