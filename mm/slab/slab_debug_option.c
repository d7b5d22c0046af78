// SPDX-License-Identifier: MIT
/*
 * slab_debug=, which caches are watched and for what.
 *
 *   slab_debug=<letters>[,<cache>[,<cache>...]][;<more such>]
 *
 *   F  SLAB_CONSISTENCY_CHECKS    U  SLAB_STORE_USER    A  SLAB_FAILSLAB
 *   Z  SLAB_RED_ZONE              T  SLAB_TRACE
 *   P  SLAB_POISON                O  not where slabs would become larger
 *   -  nothing
 *
 * No letters are FZPU. A part with caches is for those whose name is one of
 * them; a name may end in '*'. A part without is for the others. A part that
 * names a cache wins over one that does not, and a later one over an earlier
 * one. The old name is slub_debug=, which counts where the new one is not
 * given. Without the option, caches have what their flags say.
 *
 * The text stays on the command line, and is read anew for each cache that is
 * made: that is seldom, and a machine without the option never gets here.
 */
#include "slab_watch.h"

#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include <octavo/options.h>

#define DEFAULT_FLAGS							\
	(SLAB_CONSISTENCY_CHECKS | SLAB_RED_ZONE | SLAB_POISON |	\
	 SLAB_STORE_USER)
/* Longer texts are refused; what is read must lie on a stack. */
#define TEXT_MAX	512

/* What a part asks for. */
struct part {
	slab_flags_t flags;
	bool same_order;	/* 'O' */
};

static const struct {
	char letter;
	slab_flags_t flag;
} letters[] = {
	{ 'f', SLAB_CONSISTENCY_CHECKS }, { 'z', SLAB_RED_ZONE },
	{ 'p', SLAB_POISON }, { 'u', SLAB_STORE_USER }, { 't', SLAB_TRACE },
	{ 'a', SLAB_FAILSLAB }, { 'o', 0 }, { '-', 0 },
};

/* Reads the letters of [text, end); false: one means nothing. */
static bool part_read(struct part *part, const char *text, const char *end)
{
	size_t i;

	*part = (struct part){ .flags = text == end ? DEFAULT_FLAGS : 0 };
	for (; text < end; text++) {
		char c = (char)(*text >= 'A' && *text <= 'Z' ? *text | 0x20 :
				*text);

		for (i = 0; i < ARRAY_SIZE(letters); i++)
			if (letters[i].letter == c)
				break;
		if (i == ARRAY_SIZE(letters))
			return false;
		part->flags |= letters[i].flag;
		part->same_order |= c == 'o';
		if (c == '-')
			part->flags = 0;
	}
	/* O alone: the usual, where it fits. */
	if (part->same_order && !part->flags)
		part->flags = DEFAULT_FLAGS;
	return true;
}

/* Whether @name is one of the comma-separated names of [list, end). */
static bool list_names(const char *list, const char *end, const char *name)
{
	while (list < end) {
		const char *comma = memchr(list, ',', (size_t)(end - list));
		size_t n = (size_t)((comma ?: end) - list);

		if (n && list[n - 1] == '*' ? !strncmp(name, list, n - 1) :
		    strlen(name) == n && !strncmp(name, list, n))
			return true;
		list += n + 1;
	}
	return false;
}

/*
 * What @text says of the cache @name (NULL: nothing yet, only whether @text is
 * sound). False: some letter means nothing.
 */
static bool text_read(const char *text, const char *name, struct part *found)
{
	bool named = false;

	for (;;) {
		const char *end = text + strcspn(text, ";");
		const char *letters_end = text + strcspn(text, ",;");
		struct part part;

		if (!part_read(&part, text, letters_end))
			return false;
		if (letters_end == end ? !named :
		    name && list_names(letters_end + 1, end, name)) {
			*found = part;
			named = letters_end != end;
		}
		if (!*end)
			return true;
		text = end + 1;
	}
}

static int __init option_read(const char *name, const char *val)
{
	struct part part;

	if (val && strlen(val) >= TEXT_MAX)
		return option_malformed(name, val, "is too long");
	if (!text_read(val ? val : "", NULL, &part))
		return option_malformed(name, val,
					"has a letter that is none of FZPUTAO-");
	slab_debug_state()->option = true;
	return 0;
}

static int __init option_slab_debug(char *val)
{
	return option_read("slab_debug", val);
}
early_param("slab_debug", option_slab_debug);

static int __init option_slub_debug(char *val)
{
	return option_read("slub_debug", val);
}
early_param("slub_debug", option_slub_debug);

/* Whether the slabs would be of a higher order with @flags. */
static bool order_grows(unsigned int size, slab_flags_t flags)
{
	struct kmem_cache probe = {
		.object_size = size, .flags = flags, .align = sizeof(void *),
	};

	slab_debug_layout(&probe);
	return slab_order(probe.size, false) > slab_order(size, false);
}

slab_flags_t slab_debug_cache_flags(const char *name, unsigned int size,
				    slab_flags_t flags)
{
	struct part part = { .flags = 0 };
	char text[TEXT_MAX];

	if (!slab_debug_state()->option)
		return flags;
	if (!option_get(boot_command_line, "slab_debug", text, sizeof(text)) &&
	    !option_get(boot_command_line, "slub_debug", text, sizeof(text)))
		return flags;
	/* A text that is not sound has been reported, and asks for nothing. */
	if (!text_read(text, name, &part))
		return flags;
	if (part.same_order && order_grows(size, flags | part.flags))
		part.flags = 0;
	return flags | part.flags;
}
