// SPDX-License-Identifier: MIT
/*
 * An event's format file, which tells programs how its records are laid out
 * and how to print them. It is the same to the byte as that of Linux 6.12 on
 * x86_64, but for the ID, so that whoever has read traces there reads these.
 *
 * Linux's comes out of its headers by the preprocessor, so what a flag is
 * stands there as its headers spell it, down to parentheses. Here an event's
 * print_fmt has a word in its place, and the words' texts stand below.
 */
#include "internal.h"

#include <linux/ctype.h>
#include <linux/gfp_types.h>
#include <linux/kernel.h>
#include <linux/string.h>

/* ---- flags of requests, as spelled in Linux's headers ------------------ */

#define BIT_TEXT(n)	"((((1UL))) << (" #n "))"
#define GFP_TEXT(n)	"(( gfp_t)" BIT_TEXT(n) ")"
#define OR		" | "

#define TEXT_RECLAIM	"(( gfp_t)(" BIT_TEXT(10) "|" BIT_TEXT(11) "))"
#define TEXT_KERNEL	"(" TEXT_RECLAIM OR GFP_TEXT(6) OR GFP_TEXT(7) ")"
#define TEXT_ACCOUNT	"(" TEXT_KERNEL OR GFP_TEXT(22) ")"
#define TEXT_NOFS	"(" TEXT_RECLAIM OR GFP_TEXT(6) ")"
#define TEXT_NOIO	"(" TEXT_RECLAIM ")"
#define TEXT_ATOMIC	"(" GFP_TEXT(5) "|" GFP_TEXT(11) ")"
#define TEXT_NOWAIT	"(" GFP_TEXT(11) OR GFP_TEXT(13) ")"
#define TEXT_USER							\
	"(" TEXT_RECLAIM OR GFP_TEXT(6) OR GFP_TEXT(7) OR GFP_TEXT(20) ")"
#define TEXT_HIGHUSER	"(" TEXT_USER OR GFP_TEXT(1) ")"
#define TEXT_MOVABLE	"(" TEXT_HIGHUSER OR GFP_TEXT(3) OR "(( gfp_t)0))"
#define TEXT_LIGHT							\
	"((" TEXT_MOVABLE OR GFP_TEXT(18) OR GFP_TEXT(19) OR GFP_TEXT(13) \
	") & ~" TEXT_RECLAIM ")"
#define TEXT_TRANSHUGE	"(" TEXT_LIGHT OR GFP_TEXT(10) ")"

#define NAMED(flag, text)	{ flag, #flag, text }
#define ONE(flag, n)		{ flag, #flag, GFP_TEXT(n) }

/* In the order in which they are looked for: the larger ones first. */
const struct trace_gfp_name trace_gfp_names[] = {
	NAMED(GFP_TRANSHUGE, TEXT_TRANSHUGE),
	NAMED(GFP_TRANSHUGE_LIGHT, TEXT_LIGHT),
	NAMED(GFP_HIGHUSER_MOVABLE, TEXT_MOVABLE),
	NAMED(GFP_HIGHUSER, TEXT_HIGHUSER),
	NAMED(GFP_USER, TEXT_USER),
	NAMED(GFP_KERNEL_ACCOUNT, TEXT_ACCOUNT),
	NAMED(GFP_KERNEL, TEXT_KERNEL),
	NAMED(GFP_NOFS, TEXT_NOFS),
	NAMED(GFP_ATOMIC, TEXT_ATOMIC),
	NAMED(GFP_NOIO, TEXT_NOIO),
	NAMED(GFP_NOWAIT, TEXT_NOWAIT),
	ONE(GFP_DMA, 0),
	ONE(__GFP_HIGHMEM, 1),
	ONE(GFP_DMA32, 2),
	ONE(__GFP_HIGH, 5),
	ONE(__GFP_IO, 6),
	ONE(__GFP_FS, 7),
	ONE(__GFP_NOWARN, 13),
	ONE(__GFP_RETRY_MAYFAIL, 14),
	ONE(__GFP_NOFAIL, 15),
	ONE(__GFP_NORETRY, 16),
	ONE(__GFP_COMP, 18),
	ONE(__GFP_ZERO, 8),
	ONE(__GFP_NOMEMALLOC, 19),
	ONE(__GFP_MEMALLOC, 17),
	ONE(__GFP_HARDWALL, 20),
	ONE(__GFP_THISNODE, 21),
	ONE(__GFP_RECLAIMABLE, 4),
	ONE(__GFP_MOVABLE, 3),
	ONE(__GFP_ACCOUNT, 22),
	ONE(__GFP_WRITE, 12),
	NAMED(__GFP_RECLAIM, TEXT_RECLAIM),
	ONE(__GFP_DIRECT_RECLAIM, 10),
	ONE(__GFP_KSWAPD_RECLAIM, 11),
	ONE(__GFP_ZEROTAGS, 23),
	{ 0, NULL, NULL },
};

static void gfp_names_show(struct seq_file *m)
{
	const struct trace_gfp_name *n;

	for (n = trace_gfp_names; n->name; n++) {
		seq_puts(m, n == trace_gfp_names ? "{( unsigned long)" :
						   ", {( unsigned long)");
		seq_puts(m, n->text);
		seq_printf(m, ", \"%s\"}", n->name);
	}
	seq_putc(m, ' ');
}

/* ---- print formats ----------------------------------------------------- */

#define TEXT_BLOCK	"((unsigned int)((21 - 12)))"
#define TEXT_LARGEST	"((unsigned int)(10))"

/* What a word in capitals stands for; or a function writes it. */
static const struct {
	const char *word;
	const char *text;
	void (*show)(struct seq_file *m);
} words[] = {
	{ "TRACE_GFP_NAMES", NULL, gfp_names_show },
	{ "TRACE_GFP_ACCOUNT", "( unsigned long)" GFP_TEXT(22), NULL },
	/* Of 2 MiB, but no more than the largest block. */
	{ "TRACE_PAGEBLOCK_ORDER", "(" TEXT_BLOCK " < " TEXT_LARGEST " ? "
				   TEXT_BLOCK " : " TEXT_LARGEST ")", NULL },
};

static bool word_show(struct seq_file *m, const char *s, size_t n)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(words); i++) {
		if (strlen(words[i].word) != n || strncmp(words[i].word, s, n))
			continue;
		if (words[i].text)
			seq_puts(m, words[i].text);
		else
			words[i].show(m);
		return true;
	}
	return false;
}

static bool in_word(char c)
{
	return isalnum(c) || c == '_';
}

static void print_fmt_show(struct seq_file *m, const char *s)
{
	size_t n;

	for (; *s; s += n) {
		for (n = 0; in_word(s[n]);)
			n++;
		if (n && word_show(m, s, n))
			continue;
		while (s[n] && !in_word(s[n]))
			n++;
		seq_write(m, s, n);
	}
}

/* ---- pages of a file -------------------------------------------------- */

const char trace_header_page[] =
	"\tfield: u64 timestamp;\toffset:0;\tsize:8;\tsigned:0;\n"
	"\tfield: local_t commit;\toffset:8;\tsize:8;\tsigned:1;\n"
	"\tfield: int overwrite;\toffset:8;\tsize:1;\tsigned:1;\n"
	"\tfield: char data;\toffset:16;\tsize:4080;\tsigned:1;\n";

const char trace_header_event[] =
	"# compressed entry header\n"
	"\ttype_len    :    5 bits\n"
	"\ttime_delta  :   27 bits\n"
	"\tarray       :   32 bits\n"
	"\n"
	"\tpadding     : type == 29\n"
	"\ttime_extend : type == 30\n"
	"\ttime_stamp : type == 31\n"
	"\tdata max type_len  == 28\n";

/* ---- fields ------------------------------------------------------------ */

static const struct trace_event_field common_fields[] = {
	{ "unsigned short", "common_type",
	  offsetof(struct trace_entry, type), 2, false },
	{ "unsigned char", "common_flags",
	  offsetof(struct trace_entry, flags), 1, false },
	{ "unsigned char", "common_preempt_count",
	  offsetof(struct trace_entry, preempt_count), 1, false },
	{ "int", "common_pid", offsetof(struct trace_entry, pid), 4, true },
};

/* "char[16]" is written around the name; "__data_loc char[]" is not. */
static void field_show(struct seq_file *m, const struct trace_event_field *f)
{
	const char *bracket = strncmp(f->type, "__data_loc", 10) ?
			      strchr(f->type, '[') : NULL;

	if (bracket)
		seq_printf(m, "\tfield:%.*s %s%s;", (int)(bracket - f->type),
			   f->type, f->name, bracket);
	else
		seq_printf(m, "\tfield:%s %s;", f->type, f->name);
	seq_printf(m, "\toffset:%u;\tsize:%u;\tsigned:%d;\n", f->offset,
		   f->size, f->is_signed);
}

void trace_format_show(struct seq_file *m, const struct tracepoint *tp)
{
	const struct trace_event *e = tp->event;
	const struct trace_event_field *f;
	unsigned int i, nr;

	seq_printf(m, "name: %s\nID: %u\nformat:\n", e->name,
		   trace_event_id(tp));
	for (i = 0; i < ARRAY_SIZE(common_fields); i++)
		field_show(m, &common_fields[i]);
	seq_putc(m, '\n');
	f = e->fields(&nr);
	for (i = 0; i < nr; i++)
		field_show(m, &f[i]);
	seq_puts(m, "\nprint fmt: ");
	print_fmt_show(m, e->print_fmt);
	seq_putc(m, '\n');
}
