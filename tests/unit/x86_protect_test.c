// SPDX-License-Identifier: MIT
/*
 * The booted kernel's rights over itself, tried and not read: what is not
 * mapped, read-only or not executable must fault. And the direct map against
 * memblock's idea of RAM, and other CPUs' translations after a flush.
 */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/highmem.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/smp.h>
#include <linux/spinlock.h>
#include <octavo/machine.h>
#include <octavo/port.h>
#include <octavo/this_machine.h>
#include <asm/fixmap.h>
#include <asm/mapping.h>
#include <asm/msr.h>
#include <asm/sections.h>
#include <asm/uaccess.h>

static void returns_at_once(void)
{
}

static const u64 constant = 0x0123456789abcdefULL;
static u64 variable = 1;

/* Whether the image has addresses of its own, beside the direct map. */
#define OWN_IMAGE	(__START_KERNEL_map != PAGE_OFFSET)

/* The first byte behind the kernel that nothing is mapped at. */
static unsigned long hole(void)
{
	return OWN_IMAGE ? (unsigned long)_end : (unsigned long)high_memory;
}

static void reading_what_is_not_there(struct kunit *test)
{
	u64 v = 0;

	KUNIT_EXPECT_EQ(test, copy_from_kernel_nofault(&v, &constant, 8), 0L);
	KUNIT_EXPECT_EQ(test, v, constant);
	KUNIT_EXPECT_EQ(test, copy_from_kernel_nofault(&v, NULL, 8),
			(long)-EFAULT);
	/* On 64 bits no address at all. */
	KUNIT_EXPECT_EQ(test, copy_from_kernel_nofault(&v,
			(void *)(1UL << (BITS_PER_LONG - 1)), 8),
			(long)-EFAULT);
	/* The early tables' identity map and device memory are gone. */
	KUNIT_EXPECT_EQ(test, copy_from_kernel_nofault(&v,
			(void *)__pa_symbol(_text), 8), (long)-EFAULT);
	if (OWN_IMAGE)
		KUNIT_EXPECT_EQ(test, copy_from_kernel_nofault(&v,
				(void *)(PAGE_OFFSET + 0xfee00000UL), 8),
				(long)-EFAULT);
	KUNIT_EXPECT_EQ(test, copy_from_kernel_nofault(&v,
			(void *)hole(), 8), (long)-EFAULT);
	/* Init memory left the image, if that is not all the address it has. */
	KUNIT_EXPECT_EQ(test, copy_from_kernel_nofault(&v, __init_begin, 8),
			OWN_IMAGE && system_state == SYSTEM_RUNNING ?
			(long)-EFAULT : 0L);
}

/* A copy that runs into a hole has copied what comes before it. */
static void copying_up_to_a_hole(struct kunit *test)
{
	u8 v[16] = { 0 };
	void *last = (void *)(hole() - 8);

	KUNIT_EXPECT_EQ(test, copy_from_kernel_nofault(v, last, 16),
			(long)-EFAULT);
	KUNIT_EXPECT_EQ(test, memcmp(v, last, 8), 0);
}

static void writing_what_must_not_change(struct kunit *test)
{
	u64 v = 0;

	KUNIT_EXPECT_EQ(test, copy_to_kernel_nofault((void *)&constant, &v, 8),
			(long)-EFAULT);
	KUNIT_EXPECT_EQ(test, copy_to_kernel_nofault((void *)returns_at_once,
						     &v, 1), (long)-EFAULT);
	/* Nor through the direct map. */
	KUNIT_EXPECT_EQ(test, copy_to_kernel_nofault(
			__va(__pa(&constant)), &v, 8), (long)-EFAULT);
	KUNIT_EXPECT_EQ(test, copy_to_kernel_nofault(
			__va(__pa(returns_at_once)), &v, 1), (long)-EFAULT);
	KUNIT_EXPECT_EQ(test, constant, 0x0123456789abcdefULL);
	v = 2;
	KUNIT_EXPECT_EQ(test, copy_to_kernel_nofault(&variable, &v, 8), 0L);
	KUNIT_EXPECT_EQ(test, variable, 2ULL);
}

static void executing_data(struct kunit *test)
{
	void (*alias)(void) = (void (*)(void))__va(__pa(returns_at_once));

	KUNIT_EXPECT_EQ(test, call_kernel_nofault(returns_at_once), 0);
	if (!this_arch()->port.map.nx)
		kunit_skip(test, "no NX");
	KUNIT_EXPECT_EQ(test, call_kernel_nofault((void (*)(void))&variable),
			-EFAULT);
	KUNIT_EXPECT_EQ(test, call_kernel_nofault((void (*)(void))&constant),
			-EFAULT);
	if (OWN_IMAGE)
		KUNIT_EXPECT_EQ(test, call_kernel_nofault(alias), -EFAULT);
	/* Nor what was code while the machine started. */
	if (system_state == SYSTEM_RUNNING)
		KUNIT_EXPECT_EQ(test, call_kernel_nofault(
				(void (*)(void))(unsigned long)
				__init_begin), -EFAULT);
}

static int no_report(void *ctx, const struct pgtable_leaf *leaf)
{
	return 0;
}

static void kernel_tables_are_sound(struct kunit *test)
{
	const struct x86_mapping *map = &this_arch()->port.map;

	pgtable_check(kernel_pgtable());
	pfn_range_set_check(&map->pfn_mapped);
	KUNIT_EXPECT_EQ(test, read_cr3() & PTE_PFN_MASK, kernel_pgtable()->root);
	if (map->nx)
		KUNIT_EXPECT_EQ(test, pgtable_check_wx(kernel_pgtable(), 0,
				~0ULL, no_report, NULL), 0UL);
	KUNIT_EXPECT_FALSE(test, pfn_range_is_mapped(0, ~0UL));
}

static int direct_leaf(void *ctx, const struct pgtable_leaf *leaf)
{
	struct kunit *test = ctx;
	unsigned long pfn = PHYS_PFN(leaf->phys);

	/* Each at its place, and each known. */
	KUNIT_EXPECT_EQ(test, leaf->va, (unsigned long)__va(leaf->phys));
	KUNIT_EXPECT_TRUE(test, pfn_range_is_mapped(pfn,
			pfn + (unsigned long)(leaf->size >> PAGE_SHIFT)));
	return 0;
}

static void direct_map_is_linear(struct kunit *test)
{
	const struct x86_mapping *map = &this_arch()->port.map;

	pgtable_walk(kernel_pgtable(), PAGE_OFFSET,
		     (unsigned long)high_memory - 1, direct_leaf, test);
	for (int i = 0; i < map->pfn_mapped.nr; i++) {
		unsigned long pfn = map->pfn_mapped.range[i].start;
		struct pgtable_leaf leaf;

		for (; pfn < map->pfn_mapped.range[i].end;
		     pfn += (unsigned long)(leaf.size >> PAGE_SHIFT))
			KUNIT_ASSERT_TRUE(test, pgtable_lookup(kernel_pgtable(),
					(unsigned long)__va(PFN_PHYS(pfn)),
					&leaf));
	}
}

/* An address that can be remapped. */
#define SPARE_VA	fix_to_virt(FIX_TEST)

struct remote_read {
	u64 seen;
	long err;
};

static void remote_read(void *info)
{
	struct remote_read *r = info;

	r->err = copy_from_kernel_nofault(&r->seen, (void *)SPARE_VA, 8);
}

static void spare_map(struct kunit *test, const void *page)
{
	struct pgtable *pt = &this_arch()->port.map.kernel;

	KUNIT_EXPECT_EQ(test, pgtable_unmap(pt, SPARE_VA, PAGE_SIZE), 0);
	if (page)
		KUNIT_EXPECT_EQ(test, pgtable_map(pt, SPARE_VA, __pa(page),
				PAGE_SIZE, 0, kernel_prot(PAGE_KERNEL)), 0);
	port_flush_tlb_range(SPARE_VA, SPARE_VA + PAGE_SIZE);
}

static void other_cpus_forget(struct kunit *test)
{
	u64 *a = (u64 *)get_zeroed_page(GFP_KERNEL);
	u64 *b = (u64 *)get_zeroed_page(GFP_KERNEL);
	unsigned int cpu;

	KUNIT_ASSERT_TRUE(test, a && b);
	*a = 0xaaaa;
	*b = 0xbbbb;
	for_each_online_cpu(cpu) {
		struct remote_read r = { 0, 0 };

		spare_map(test, a);
		smp_call_function_single((int)cpu, remote_read, &r, 1);
		KUNIT_EXPECT_EQ(test, r.seen, 0xaaaaULL);
		spare_map(test, b);
		smp_call_function_single((int)cpu, remote_read, &r, 1);
		KUNIT_EXPECT_EQ(test, r.seen, 0xbbbbULL);
		spare_map(test, NULL);
		smp_call_function_single((int)cpu, remote_read, &r, 1);
		KUNIT_EXPECT_EQ(test, r.err, (long)-EFAULT);
	}
	free_page((unsigned long)a);
	free_page((unsigned long)b);
}

#define FLUSHES		200

static int flush_thread(void *arg)
{
	unsigned long flags;

	for (int i = 0; i < FLUSHES; i++) {
		if (i % 3 == 0) {
			port_flush_tlb_all();
			continue;
		}
		/* With interrupts off it must still answer the others. */
		local_irq_save(flags);
		port_flush_tlb_range(SPARE_VA, SPARE_VA + PAGE_SIZE);
		local_irq_restore(flags);
	}
	__atomic_fetch_add((unsigned int *)arg, 1, __ATOMIC_RELEASE);
	while (!kthread_should_stop())
		msleep(1);
	return 0;
}

/*
 * What the tables say of an address, and what is read there, is the frame that
 * was asked for, wherever it lies: above 4 GiB too.
 */
static void frames_are_not_cut(struct kunit *test)
{
	struct page *page[64];
	unsigned int n = 0, i;

	for (; n < ARRAY_SIZE(page); n++) {
		phys_addr_t phys;
		struct pgtable_leaf leaf;
		u64 *p;

		page[n] = alloc_pages(GFP_HIGHUSER, 0);
		if (!page[n])
			break;
		phys = page_to_phys(page[n]);
		p = kmap_local_page(page[n]);
		*p = phys ^ 0x5a5a5a5aULL;
		kunmap_local(p);
		set_fixmap(FIX_TEST, phys);
		p = (u64 *)fix_to_virt(FIX_TEST);
		KUNIT_EXPECT_EQ(test, *p, phys ^ 0x5a5a5a5aULL);
		KUNIT_ASSERT_TRUE(test, pgtable_lookup(kernel_pgtable(),
						       (unsigned long)p, &leaf));
		KUNIT_EXPECT_EQ(test, leaf.phys, phys);
		clear_fixmap(FIX_TEST);
	}
	/* None was another's. */
	for (i = 0; i < n; i++) {
		u64 *p = kmap_local_page(page[i]);

		KUNIT_EXPECT_EQ(test, *p, page_to_phys(page[i]) ^ 0x5a5a5a5aULL);
		kunmap_local(p);
		__free_page(page[i]);
	}
	if (!n || page_to_phys(page[0]) >> 32 == 0)
		kunit_skip(test, "no memory above 4 GiB was free");
}

/* All CPUs flush at once, with interrupts on and off: nobody waits for ever. */
static void flushes_cross(struct kunit *test)
{
	struct task_struct *t[8];
	unsigned int cpu, n = 0, done = 0;

	for_each_online_cpu(cpu) {
		if (n == ARRAY_SIZE(t))
			break;
		t[n] = kthread_create_on_cpu(flush_thread, &done, cpu,
					     "flush");
		KUNIT_ASSERT_FALSE(test, IS_ERR(t[n]));
		wake_up_process(t[n++]);
	}
	while (__atomic_load_n(&done, __ATOMIC_ACQUIRE) < n)
		msleep(1);
	while (n)
		KUNIT_EXPECT_EQ(test, kthread_stop(t[--n]), 0);
}

static void cpu_clock(void *info)
{
	*(u64 *)info = port_clock_ns();
}

/* Times of different CPUs, each taken after the one before. */
static void clock_is_one(struct kunit *test)
{
	u64 before = port_clock_ns(), now;
	unsigned int cpu;

	for (int round = 0; round < 20; round++)
		for_each_online_cpu(cpu) {
			smp_call_function_single((int)cpu, cpu_clock, &now, 1);
			KUNIT_EXPECT_GE(test, now, before);
			before = now;
		}
	KUNIT_EXPECT_GT(test, port_clock_ns(), 0ULL);
}

static void cpu_registers(void *info)
{
	u64 *v = info;

	v[0] = read_cr4() & ~X86_CR4_PGE;
	v[1] = read_cr0();
	v[2] = rdmsrq(MSR_EFER);
	v[3] = this_arch()->memtype.pat ? rdmsrq(MSR_PAT) : 0;
	v[4] = read_cr3();
}

/* Every CPU protects memory as the booting one does. */
static void cpus_are_alike(struct kunit *test)
{
	u64 first[5], other[5];
	unsigned int cpu;

	smp_call_function_single(0, cpu_registers, first, 1);
	for_each_online_cpu(cpu) {
		smp_call_function_single((int)cpu, cpu_registers, other, 1);
		for (int i = 0; i < 5; i++)
			KUNIT_EXPECT_EQ(test, other[i], first[i]);
	}
	KUNIT_EXPECT_TRUE(test, first[1] & X86_CR0_WP);
}

static struct kunit_case x86_protect_cases[] = {
	KUNIT_CASE(reading_what_is_not_there),
	KUNIT_CASE(copying_up_to_a_hole),
	KUNIT_CASE(writing_what_must_not_change),
	KUNIT_CASE(executing_data),
	KUNIT_CASE(kernel_tables_are_sound),
	KUNIT_CASE(direct_map_is_linear),
	KUNIT_CASE(other_cpus_forget),
	KUNIT_CASE(frames_are_not_cut),
	KUNIT_CASE(flushes_cross),
	KUNIT_CASE(clock_is_one),
	KUNIT_CASE(cpus_are_alike),
	{}
};

static struct kunit_suite x86_protect_suite = {
	.name = "x86_protect",
	.test_cases = x86_protect_cases,
};
kunit_test_suite(x86_protect_suite);
