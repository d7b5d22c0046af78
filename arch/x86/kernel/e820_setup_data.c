// SPDX-License-Identifier: MIT
/*
 * setup_data: a chain of blobs that the loader left anywhere in memory.
 *
 *	boot_params.hdr.setup_data -> [next|type|len|data] -> [next|...] -> 0
 *
 * One type matters to memory: SETUP_E820_EXT carries the entries of a map
 * longer than boot_params hold. Every node must survive until it was read,
 * so it is marked in the map and reserved in memblock.
 *
 * Failure: a node that cannot be mapped, or a chain longer than any loader
 * makes (it runs in a circle), ends the walk with a line in the log; the
 * nodes before it count.
 */
#include <asm/e820/api.h>

#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/memblock.h>
#include <linux/string.h>
#include <octavo/this_machine.h>
#include <asm/early_ioremap.h>
#include <uapi/asm/bootparam.h>

/* Linux knows a dozen types, each there once. */
#define SETUP_DATA_MAX_NODES	64
/* Entries of an extension: what the table could hold. */
#define SETUP_DATA_MAX_EXT						\
	(E820_MAX_ENTRIES * sizeof(struct boot_e820_entry))

/* Calls @fn for each node's header; @fn must not keep it. */
static void __init setup_data_walk(u64 chain,
				   void (*fn)(u64 at,
					      const struct setup_data *node))
{
	unsigned int nr = 0;
	u64 next;

	for (; chain; chain = next) {
		struct setup_data node;	/* a copy: @chain may be odd */
		void *p;

		if (nr++ == SETUP_DATA_MAX_NODES) {
			pr_warn("setup_data: more than %u nodes at %#llx: the rest is ignored\n",
				SETUP_DATA_MAX_NODES, chain);
			return;
		}
		p = early_memremap(chain, sizeof(node));
		if (!p) {
			pr_warn("setup_data: node at %#llx cannot be read: the rest is ignored\n",
				chain);
			return;
		}
		memcpy(&node, p, sizeof(node));
		early_memunmap(p, sizeof(node));
		next = node.next;
		fn(chain, &node);
	}
}

static void __init setup_data_extend(u64 at, const struct setup_data *node)
{
	struct boot_e820_entry *entries;
	u32 len = node->len;

	if (node->type != SETUP_E820_EXT)
		return;
	if (len > SETUP_DATA_MAX_EXT || len % sizeof(*entries)) {
		pr_warn("setup_data: E820 extension at %#llx has %u bytes, not a number of entries that fits: ignored\n",
			at, len);
		return;
	}
	entries = early_memremap(at + sizeof(*node), len);
	if (!entries) {
		pr_warn("setup_data: E820 extension at %#llx cannot be read: ignored\n",
			at);
		return;
	}
	e820__append_entries(entries, len / sizeof(*entries));
	early_memunmap(entries, len);
	e820_table_report(&this_fw()->e820);
	e820_table_sanitize(&this_fw()->e820);
	pr_info("e820: extended physical RAM map:\n");
	e820__print_table("extended");
}

static void __init setup_data_mark(u64 at, const struct setup_data *node)
{
	e820__range_update(at, sizeof(*node) + node->len, E820_TYPE_RAM,
			   E820_TYPE_RESERVED_KERN);
}

static void __init setup_data_reserve(u64 at, const struct setup_data *node)
{
	memblock_reserve(at, sizeof(*node) + node->len);
}

void __init e820__reserve_setup_data(u64 chain)
{
	if (!chain)
		return;
	setup_data_walk(chain, setup_data_extend);
	setup_data_walk(chain, setup_data_mark);
	e820_table_sanitize(&this_fw()->e820);
	pr_info("extended physical RAM map:\n");
	e820__print_table("reserve setup_data");
}

void __init e820__memblock_reserve_setup_data(u64 chain)
{
	setup_data_walk(chain, setup_data_reserve);
}
