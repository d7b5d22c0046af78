// SPDX-License-Identifier: MIT
/*
 * Low and high memory of a 32-bit kernel: the arithmetic.
 *
 * Of its gigabyte of addresses the kernel keeps a part, the reserve, for what
 * is mapped and unmapped; the rest shows RAM for good:
 *
 *   PAGE_OFFSET                 MAXMEM                            4 GiB
 *        |========= low memory ====|.. hole | vmalloc | above ........|
 *                                  |<--------- reserve -------------->|
 *   RAM  |=========================|######## high memory ########|
 *        0                    max_low_pfn                      max_pfn
 *
 * "Above" is what lies behind VMALLOC_END: per-CPU areas, kmap()'s slots, fixed
 * addresses. The reserve is 128 MiB of all that, or what vmalloc=nn makes it:
 * hole and above, and at least nn for mappings.
 *
 * highmem=nn sets how much of the upper end of RAM is high memory. More than
 * lies above MAXMEM makes low memory shorter, less leaves RAM unused.
 *
 * Every frame that is used costs a struct page in low memory, so RAM that
 * would take more than two thirds of it is not used either: 64 GiB take 512
 * MiB of 896, but not of half as much.
 *
 * Invariants of struct low_memory
 *  I1: low_pfn <= end_pfn <= wish.ram_pfn
 *  I2: low_pfn <= PFN of (1 GiB - reserve)
 *  I3: struct pages of end_pfn frames fit two thirds of low_pfn
 *  I4: cut says why end_pfn is below wish.ram_pfn
 *
 * Pure: linked into the host too.
 *
 * Differs from Linux: highmem= beyond what is above MAXMEM is granted, at low
 * memory's cost, as on machines without high memory; a wish beyond a limit
 * becomes the limit, or is left out, and the line says which; RAM that struct
 * pages have no room for is left out, where Linux stops.
 */
#include <asm/low_memory.h>

#include <linux/align.h>
#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/mm_types.h>
#include <linux/pfn.h>
#include <linux/sizes.h>

/* Addresses of a kernel of 32 bits. */
#define KERNEL_SPACE		(1ULL << 30)
#define DEFAULT_RESERVE		SZ_128M
/* The hole behind low memory, asm/areas_32.h. */
#define HOLE			(8ULL << 20)
/* Large pages have 2 or 4 MiB; areas begin and end with the larger. */
#define AREA_ALIGN		(4ULL << 20)

/* Stacks, modules, per-CPU and device mappings of a small machine. */
#define VMALLOC_MIN		(16ULL << 20)
/* The kernel, its tables, and what it needs to get anywhere. */
#define LOW_MIN			(64ULL << 20)

static u64 mib(u64 bytes)
{
	return bytes >> 20;
}

int low_memory_number(const char *val, u64 *bytes)
{
	char *end;

	if (!val || *val < '0' || *val > '9')
		return -EINVAL;
	*bytes = memparse(val, &end);
	return *end ? -EINVAL : 0;
}

static u64 reserve_find(const struct low_memory_wish *w)
{
	u64 fixed = HOLE + w->above, vmalloc = w->vmalloc;
	u64 most = KERNEL_SPACE - LOW_MIN - ALIGN(fixed, AREA_ALIGN);

	if (!w->vmalloc_given)
		return DEFAULT_RESERVE;
	if (vmalloc < VMALLOC_MIN) {
		pr_warn("vmalloc=%llu: less than the %lluMB that the kernel's own mappings take: using %lluMB\n",
			vmalloc, mib(VMALLOC_MIN), mib(VMALLOC_MIN));
		vmalloc = VMALLOC_MIN;
	} else if (vmalloc > most) {
		pr_warn("vmalloc=%llu: more than %lluMB leaves less than %lluMB of low memory: using %lluMB\n",
			vmalloc, mib(most), mib(LOW_MIN), mib(most));
		vmalloc = most;
	}
	return ALIGN(fixed + vmalloc, AREA_ALIGN);
}

/* Frames of high memory that are asked for, of @f->end_pfn; all: as usual. */
static unsigned long highmem_find(const struct low_memory_wish *w,
				  const struct low_memory *f,
				  unsigned long usual)
{
	u64 want = w->highmem >> PAGE_SHIFT;
	u64 most = f->end_pfn > PFN_DOWN(LOW_MIN) ?
		   f->end_pfn - PFN_DOWN(LOW_MIN) : 0;

	if (!w->highmem_given || want <= most)
		return w->highmem_given ? (unsigned long)want : usual;
	pr_err("highmem=%llu: of the %lluMB of memory at most %lluMB can be high, as low memory needs %lluMB: ignored, %lluMB are\n",
	       w->highmem, mib(PFN_PHYS(f->end_pfn)), mib(PFN_PHYS(most)),
	       mib(LOW_MIN), mib(PFN_PHYS(usual)));
	return usual;
}

/* The end of frames whose struct pages fit two thirds of @low_pfn's. */
static u64 frames_described(unsigned long low_pfn)
{
	u64 frames = PFN_PHYS(low_pfn) / 3 * 2 / sizeof(struct page);

	return ALIGN_DOWN(frames, PFN_DOWN(AREA_ALIGN));
}

static void cut(struct low_memory *f, u64 end_pfn, enum low_memory_cut why)
{
	if (end_pfn >= f->end_pfn)
		return;
	f->end_pfn = (unsigned long)end_pfn;
	f->cut = why;
}

static void low_memory_check(const struct low_memory_wish *w,
			     const struct low_memory *f)
{
	BUG_ON(f->low_pfn > f->end_pfn || f->end_pfn > w->ram_pfn);
	BUG_ON(f->low_pfn > PFN_DOWN(KERNEL_SPACE - f->reserve));
	BUG_ON(f->end_pfn > frames_described(f->low_pfn));
	BUG_ON((f->cut == LOW_MEMORY_ALL) != (f->end_pfn == w->ram_pfn));
}

void low_memory_find(const struct low_memory_wish *wish,
		     struct low_memory *found)
{
	unsigned long maxmem, high, usual;

	*found = (struct low_memory){ .end_pfn = wish->ram_pfn };
	found->reserve = (unsigned long)reserve_find(wish);
	maxmem = PFN_DOWN(KERNEL_SPACE - found->reserve);
	usual = found->end_pfn > maxmem ? found->end_pfn - maxmem : 0;
	high = highmem_find(wish, found, usual);
	found->low_pfn = min(maxmem, found->end_pfn - high);
	cut(found, (u64)found->low_pfn + high, LOW_MEMORY_HIGHMEM);
	cut(found, frames_described(found->low_pfn), LOW_MEMORY_FRAMES);
	low_memory_check(wish, found);
}

void low_memory_report_cut(const struct low_memory *found, u64 lost)
{
	u64 end = PFN_PHYS(found->end_pfn);

	if (!lost)
		return;
	if (found->cut == LOW_MEMORY_HIGHMEM)
		pr_warn("highmem=: RAM from %#llx on is neither low memory nor what was asked for: %lluMB are not used\n",
			end, mib(lost));
	else if (found->cut == LOW_MEMORY_FRAMES)
		pr_warn("RAM from %#llx on is not used: its struct pages would take too much of %lluMB of low memory: %lluMB are lost; a smaller vmalloc= or highmem=, or a 64-bit kernel, has them\n",
			end, mib(PFN_PHYS(found->low_pfn)), mib(lost));
}

void low_memory_report_cpu(u64 lost, unsigned int bits)
{
	if (lost)
		pr_warn("RAM above %lluGB has no address on this CPU, whose addresses have %u bits: %lluMB are lost\n",
			1ULL << (bits - 30), bits, mib(lost));
}

void low_memory_report_beyond(u64 lost, unsigned int bits, bool pae, bool lm)
{
	const char *help = "no kernel has it on this CPU";

	if (!lost)
		return;
	if (lm)
		help = bits < 36 ? "a PAE kernel or a 64-bit one has it" :
				   "a 64-bit kernel has it";
	else if (pae && bits < 36)
		help = "a PAE kernel has it";
	pr_warn("RAM above %lluGB has no address in this kernel's page tables: %lluMB are lost; %s\n",
		1ULL << (bits - 30), mib(lost), help);
}
