// SPDX-License-Identifier: MIT
/* The console: what keys make of a line, and what a line makes happen. */
#include <kunit/test.h>
#include <linux/mmzone.h>

#include <octavo/random.h>
#include <octavo/shell.h>

#include "by_width.h"

/* A console whose keys are a string and whose screen is another. */
struct fake {
	const char *keys;
	size_t nr_keys;
	size_t at;		/* keys read */
	size_t len;		/* characters of screen */
	char screen[8192];
};

static int fake_read(void *ctx)
{
	struct fake *f = ctx;

	return f->at < f->nr_keys ? (u8)f->keys[f->at++] : -EIO;
}

static void fake_write(void *ctx, const char *s, size_t n)
{
	struct fake *f = ctx;

	n = min(n, sizeof(f->screen) - 1 - f->len);
	memcpy(f->screen + f->len, s, n);
	f->len += n;
	f->screen[f->len] = '\0';
}

struct desk {
	struct fake fake;
	struct shell_io io;
	struct shell sh;
};

/* Too much for a kernel's stack; cases run one at a time. */
static struct desk desk;

static struct desk *desk_setup(const char *keys, size_t nr_keys)
{
	struct desk *d = &desk;

	memset(d, 0, sizeof(*d));
	d->fake.keys = keys;
	d->fake.nr_keys = nr_keys;
	d->io = (struct shell_io){ fake_read, fake_write, &d->fake };
	shell_init(&d->sh, &d->io);
	return d;
}

/* @keys are typed; the line that comes back is @want. */
static void expect_line(struct kunit *test, const char *keys,
			const char *want)
{
	struct desk *d = desk_setup(keys, strlen(keys));
	const char *line = line_editor_read(&d->sh.editor);

	KUNIT_ASSERT_NOT_NULL(test, line);
	KUNIT_EXPECT_STREQ(test, line, want);
}

#define LEFT	"\033[D"
#define RIGHT	"\033[C"
#define UP	"\033[A"
#define DOWN	"\033[B"

static void shell_edit_test(struct kunit *test)
{
	expect_line(test, "abc\r", "abc");
	expect_line(test, "abc\n", "abc");
	expect_line(test, "ac" LEFT "b\r", "abc");
	expect_line(test, "bc\001a\r", "abc");
	expect_line(test, "bc\033[Ha\033[Fd\r", "abcd");
	expect_line(test, "bc\033[1~a\033[4~d\r", "abcd");
	expect_line(test, "bc\033OHa\r", "abc");
	expect_line(test, "b\001a\005c\r", "abc");
	expect_line(test, "abx\177c\r", "abc");
	expect_line(test, "abx\bc\r", "abc");
	expect_line(test, "axb" LEFT LEFT "\033[3~\r", "ab");
	expect_line(test, "axb\002\002\004\006c\r", "abc");
	expect_line(test, "junk\025abc\r", "abc");
	expect_line(test, "abcjunk" LEFT LEFT LEFT LEFT "\013\r", "abc");
	expect_line(test, "one two  \027x\r", "one x");
	expect_line(test, "lost\003kept\r", "kept");
	expect_line(test, "ab" LEFT LEFT LEFT RIGHT RIGHT RIGHT "c\r", "abc");
	expect_line(test, "\177\b\027\025\013" LEFT "a\r", "a");
	expect_line(test, "a\033[99;5~\033xb\r", "ab");
	expect_line(test, "a\014b\tc\r", "abc");
}

static void shell_history_test(struct kunit *test)
{
	static const char keys[] =
		"one\r\ntwo\rtwo\r  \r"
		UP "\r"				/* two */
		UP UP "\r"			/* one */
		UP UP UP UP UP "\r"		/* the third back: one */
		"new" UP DOWN "er\r"		/* newer */
		UP UP "s\r";			/* one with an s */
	static const char *const want[] = {
		"one", "two", "two", "  ", "two", "one", "one", "newer",
		"ones",
	};
	struct desk *d;
	size_t i;

	d = desk_setup(keys, sizeof(keys) - 1);
	for (i = 0; i < ARRAY_SIZE(want); i++) {
		const char *line = line_editor_read(&d->sh.editor);

		KUNIT_ASSERT_NOT_NULL(test, line);
		KUNIT_EXPECT_STREQ(test, line, want[i]);
	}
	KUNIT_EXPECT_NULL(test, line_editor_read(&d->sh.editor));
}

static void shell_end_test(struct kunit *test)
{
	struct desk *d;

	d = desk_setup("\004", 1);
	KUNIT_EXPECT_NULL(test, line_editor_read(&d->sh.editor));
	d = desk_setup("ab\001\004\r", 5);
	KUNIT_EXPECT_STREQ(test, line_editor_read(&d->sh.editor), "b");
	d = desk_setup("unfinished", 10);
	KUNIT_EXPECT_NULL(test, line_editor_read(&d->sh.editor));
	d = desk_setup("\033[", 2);
	KUNIT_EXPECT_NULL(test, line_editor_read(&d->sh.editor));
}

/* More than fits: the bell rings, and what fits is kept. */
static void shell_long_test(struct kunit *test)
{
	char keys[EDIT_LINE_MAX + 50];
	struct desk *d;
	const char *line;

	memset(keys, 'x', sizeof(keys) - 1);
	keys[sizeof(keys) - 1] = '\r';
	d = desk_setup(keys, sizeof(keys));
	line = line_editor_read(&d->sh.editor);
	KUNIT_ASSERT_NOT_NULL(test, line);
	KUNIT_EXPECT_EQ(test, strlen(line), EDIT_LINE_MAX - 1UL);
	KUNIT_EXPECT_NOT_NULL(test, strchr(d->fake.screen, '\a'));
}

/* Any keys at all: the editor's own checks hold. */
static void shell_noise_test(struct kunit *test)
{
	static const char often[] = "ab \033[ABCDHF~3\177\001\005\025\013\027\r";
	u64 random = test->seed;
	char keys[400];
	struct desk *d;
	int turn;
	size_t i;

	for (turn = 0; turn < 200; turn++) {
		for (i = 0; i < sizeof(keys); i++)
			keys[i] = random_below(&random, 8) ?
				often[random_below(&random,
						   sizeof(often) - 1)] :
				(char)random_next(&random);
		d = desk_setup(keys, sizeof(keys));
		while (line_editor_read(&d->sh.editor))
			;
		KUNIT_ASSERT_TRUE(test, d->fake.at <= sizeof(keys));
	}
}

/* What is on the screen after an editor's line has been drawn. */
static void shell_screen_test(struct kunit *test)
{
	struct desk *d;

	d = desk_setup("ac" LEFT "b\r", 6);
	line_editor_read(&d->sh.editor);
	KUNIT_EXPECT_STREQ(test, d->fake.screen,
			   "octavo> ac"
			   "\roctavo> ac\033[K\033[1D"
			   "\roctavo> abc\033[K\033[1D\n");
}

/* Runs @line; the return value, and the output on d->fake.screen. */
static int run(struct desk *d, const char *line)
{
	char copy[EDIT_LINE_MAX];

	d->fake.len = 0;
	d->fake.screen[0] = '\0';
	strscpy(copy, line, sizeof(copy));
	return shell_execute(&d->sh, copy);
}

static void shell_error_test(struct kunit *test)
{
	static const struct {
		const char *line, *says;
	} lines[] = {
		{ "nonsense 1", "nonsense: no such command; help lists them\n" },
		{ "help nonsense", "help: nonsense: no such command\n" },
		{ "cat", "usage: cat FILE...\n" },
		{ "cat nofile", "cat: nofile: no such file; ls lists them\n" },
		{ "alloc", "usage: alloc [-n NODE] [-z ZONE|GFP] ORDER [COUNT]\n" },
		{ "alloc x", "alloc: x: an order is 0 to 10\n" },
		{ "alloc 11", "alloc: 11: an order is 0 to 10\n" },
		{ "alloc 0 0", "alloc: 0: a count is 1 to 64\n" },
		{ "alloc -n 63 0", "alloc: 63: no such node is online\n" },
		{ "alloc -z Nowhere 0", "alloc: Nowhere: no such zone or GFP flag\n" },
		{ "alloc -z DMA| 0", "alloc: : no such zone or GFP flag\n" },
		{ "alloc -q 1 0", "usage: alloc [-n NODE] [-z ZONE|GFP] ORDER [COUNT]\n" },
		{ "alloc 1 2 3", "usage: alloc [-n NODE] [-z ZONE|GFP] ORDER [COUNT]\n" },
		{ "peek", "usage: peek ADDRESS [BYTES]\n" },
		{ "peek 12x", "peek: 12x: no address in hexadecimal\n" },
		{ "peek 10 0", "peek: 0: not a number from 1 to 4096\n" },
		{ "peek 10 4097", "peek: 4097: not a number from 1 to 4096\n" },
		{ BY_WIDTH("peek ffffffffffffffff 2", "peek ffffffff 2"),
		  BY_WIDTH("peek: ffffffffffffffff: 2 bytes reach past the last address\n",
			   "peek: ffffffff: 2 bytes reach past the last address\n") },
		{ "peek 10 2", POINTER_TEXT("00000010  -- --"
		  "                                            \n") },
		{ "free 1", "free: 1: no such block is held\n" },
		{ "free 0", "free: 0: no such block is held\n" },
		{ "free 65", "free: 65: no such block is held\n" },
		{ "free", "free: nothing is held\n" },
		{ "stress 0", "stress: 0: not a number from 1 to 3600\n" },
		{ "stress x", "stress: x: not a number from 1 to 3600\n" },
		{ "sysctl", "usage: sysctl [-a] [NAME[=VALUE]]...\n" },
		{ "sysctl vm.nothing", "sysctl: vm.nothing: no such setting; sysctl -a lists them\n" },
		{ "sysctl vm.watermark_scale_factor=0",
		  "sysctl: vm.watermark_scale_factor: 0 is not from 1 to 3000\n" },
		{ "echo 1 > nofile", "echo: nofile: no such file\n" },
		{ "echo 1 > meminfo", "echo: meminfo: cannot be written\n" },
		{ "echo 1 >", "usage: echo TEXT... [> FILE]\n" },
		{ "echo 1 > meminfo 2", "usage: echo TEXT... [> FILE]\n" },
		{ "loglevel 9", "loglevel: 9: a level is 0 to 8\n" },
		{ "fault gently", "usage: fault bug|warn|panic|read|write|rodata|div|vmalloc\n" },
		{ "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17",
		  "a command has at most 16 words\n" },
		{ "", "" }, { "   # cat", "" }, { "\t", "" },
	};
	struct desk *d;
	size_t i;

	d = desk_setup("", 0);
	for (i = 0; i < ARRAY_SIZE(lines); i++) {
		run(d, lines[i].line);
		KUNIT_EXPECT_STREQ(test, d->fake.screen, lines[i].says);
	}
}

static void shell_help_test(struct kunit *test)
{
	struct desk *d;
	unsigned int i;

	d = desk_setup("", 0);
	KUNIT_EXPECT_EQ(test, run(d, "help"), 0);
	for (i = 0; i < nr_shell_commands; i++) {
		KUNIT_EXPECT_NOT_NULL(test, strstr(d->fake.screen,
						   shell_commands[i].help));
		if (i)
			KUNIT_EXPECT_LT(test, strcmp(shell_commands[i - 1].name,
						     shell_commands[i].name), 0);
	}
	KUNIT_EXPECT_EQ(test, run(d, "help \"poweroff\""), 0);
	KUNIT_EXPECT_TRUE(test, !strncmp(d->fake.screen, "poweroff", 8));
	KUNIT_EXPECT_EQ(test, run(d, "poweroff"), 0);
	KUNIT_EXPECT_TRUE(test, d->sh.quit);
}

/* Blocks taken and given back by ID; what is left goes at the end. */
static void shell_alloc_test(struct kunit *test)
{
	struct desk *d = desk_setup("", 0);

	KUNIT_ASSERT_EQ(test, run(d, "alloc 3 2"), 0);
	KUNIT_EXPECT_TRUE(test, !strncmp(d->fake.screen, "#1: order 3, ", 13));
	KUNIT_EXPECT_NOT_NULL(test, strstr(d->fake.screen, "\n#2: order 3, "));
	KUNIT_EXPECT_EQ(test, run(d, "alloc -n 0 -z dma|__GFP_ZERO 0"), 0);
	KUNIT_EXPECT_NOT_NULL(test, strstr(d->fake.screen, "node 0, zone DMA,"));
	KUNIT_EXPECT_EQ(test, run(d, "free #1"), 0);
	KUNIT_EXPECT_EQ(test, run(d, "free"), 0);
	KUNIT_EXPECT_TRUE(test, !strncmp(d->fake.screen, "#2: ", 4));
	KUNIT_EXPECT_EQ(test, run(d, "free 1"), -ENOENT);
	KUNIT_EXPECT_EQ(test, run(d, "free 2 3"), 0);
	KUNIT_EXPECT_EQ(test, run(d, "alloc 0 64"), 0);
	KUNIT_EXPECT_EQ(test, run(d, "alloc 0"), -ENOSPC);
	KUNIT_EXPECT_STREQ(test, d->fake.screen,
			   "alloc: 64 blocks are held already; free some\n");
	KUNIT_EXPECT_EQ(test, run(d, "free all"), 0);
	run(d, "free");
	KUNIT_EXPECT_STREQ(test, d->fake.screen, "free: nothing is held\n");
	KUNIT_EXPECT_EQ(test, run(d, "check"), 0);
}

static void shell_show_test(struct kunit *test)
{
	struct desk *d = desk_setup("", 0);

	KUNIT_EXPECT_EQ(test, run(d, "zones"), 0);
	KUNIT_EXPECT_NOT_NULL(test, strstr(d->fake.screen, "DMA"));
	KUNIT_EXPECT_EQ(test, run(d, "memmap"), 0);
	KUNIT_EXPECT_NOT_NULL(test, strstr(d->fake.screen, "System RAM"));
	KUNIT_EXPECT_NOT_NULL(test, strstr(d->fake.screen, "node 0 DMA"));
	KUNIT_EXPECT_EQ(test, run(d, "cat buddyinfo /proc/version"), 0);
	KUNIT_EXPECT_NOT_NULL(test, strstr(d->fake.screen, "Linux version"));
	KUNIT_EXPECT_EQ(test, run(d, "ls"), 0);
	KUNIT_EXPECT_NOT_NULL(test, strstr(d->fake.screen, "/proc/zoneinfo\n"));
	KUNIT_EXPECT_EQ(test, run(d, "ps"), 0);
	KUNIT_EXPECT_NOT_NULL(test, strstr(d->fake.screen, "NAME"));
}

/* Settings are shown, set and shown again, in both ways. */
static void shell_settings_test(struct kunit *test)
{
	bool dma32 = zone_type_known(ZONE_DMA32);
	struct desk *d = desk_setup("", 0);

	KUNIT_EXPECT_EQ(test, run(d, "echo a b"), 0);
	KUNIT_EXPECT_STREQ(test, d->fake.screen, "a b\n");
	KUNIT_EXPECT_EQ(test, run(d, "sysctl vm.watermark_scale_factor"), 0);
	KUNIT_EXPECT_STREQ(test, d->fake.screen,
			   "vm.watermark_scale_factor = 10\n");
	KUNIT_EXPECT_EQ(test, run(d, "sysctl vm.watermark_scale_factor=20"),
			0);
	KUNIT_EXPECT_EQ(test, run(d, "cat sys/vm/watermark_scale_factor"), 0);
	KUNIT_EXPECT_STREQ(test, d->fake.screen, "20\n");
	KUNIT_EXPECT_EQ(test, run(d, "echo 10 >/proc/sys/vm/watermark_scale_factor"),
			0);
	KUNIT_EXPECT_EQ(test, run(d, dma32 ?
			"echo 256 256 > sys/vm/lowmem_reserve_ratio" :
			"echo 256 32 > sys/vm/lowmem_reserve_ratio"),
			0);
	KUNIT_EXPECT_EQ(test, run(d, "sysctl -a"), 0);
	KUNIT_EXPECT_NOT_NULL(test, strstr(d->fake.screen,
					   "vm.watermark_scale_factor = 10\n"));
	KUNIT_EXPECT_NOT_NULL(test, strstr(d->fake.screen,
			dma32 ? "vm.lowmem_reserve_ratio = 256\t256" :
				"vm.lowmem_reserve_ratio = 256\t32"));
}

static struct kunit_case shell_cases[] = {
	KUNIT_CASE(shell_edit_test),
	KUNIT_CASE(shell_history_test),
	KUNIT_CASE(shell_end_test),
	KUNIT_CASE(shell_long_test),
	KUNIT_CASE(shell_noise_test),
	KUNIT_CASE(shell_screen_test),
	KUNIT_CASE(shell_error_test),
	KUNIT_CASE(shell_help_test),
	KUNIT_CASE(shell_alloc_test),
	KUNIT_CASE(shell_show_test),
	KUNIT_CASE(shell_settings_test),
	{}
};

static struct kunit_suite shell_suite = {
	.name = "shell", .test_cases = shell_cases,
};
kunit_test_suite(shell_suite);
