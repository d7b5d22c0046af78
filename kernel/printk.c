// SPDX-License-Identifier: MIT
/*
 * The log.
 *
 * A message is formatted, cut into lines, and each line gets a time stamp and
 * goes into the machine's ring and, if its level is low enough, to the
 * console. The ring holds the text as the console shows it:
 *
 *        tail                                   head
 *         |[    0.000000] first line\n[    0.0...|
 *   ------+--------------------------------------+------
 *      overwritten                           not written
 *
 * head and tail count bytes since the log began; the byte at count c is
 * buf[c % LOG_BUF_LEN].
 *
 * A message that does not end with a newline leaves its line open. KERN_CONT
 * goes on with an open line; any other message closes it first.
 *
 * Invariants:
 *  I1  tail <= head <= tail + LOG_BUF_LEN
 *  I2  tail is the first byte of a line
 *  I3  the byte before head is a newline exactly when no line is open
 *  I4  head is 0 or at least one line is held
 *
 * Locking: log.lock, interrupts off, innermost of all: nothing is called
 * under it but the port's console and clock. A CPU that logs while it holds
 * the lock itself (a fault in the console) goes on without it: the text may be
 * mixed up, but a dying machine still speaks.
 *
 * Without a machine (a host thread bound to none) text goes to the console
 * unstamped and is not kept.
 */
#include <linux/printk.h>

#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/smp.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include <octavo/machine.h>
#include <octavo/options.h>
#include <octavo/port.h>

#define MESSAGE_MAX	1024	/* characters of one message, its NUL too */
#define STAMP_MAX	32	/* "[%5lu.%06lu] " of any 64-bit clock fits */
#define LEVEL_CONT	(-1)
#define LEVEL_ALL	8	/* above KERN_DEBUG: every line */

static char *log_at(struct log *log, unsigned long count)
{
	return &log->buf[count % LOG_BUF_LEN];
}

/* Moves the tail past the line it is at. I1 holds a newline before head. */
static void log_drop_line(struct log *log)
{
	while (log->tail < log->head)
		if (*log_at(log, log->tail++) == '\n')
			break;
	log->lost++;
}

static void log_put(struct log *log, const char *s, size_t n)
{
	for (; n; n--) {
		if (log->head - log->tail == LOG_BUF_LEN)
			log_drop_line(log);
		*log_at(log, log->head++) = *s++;
	}
}

static int log_console_level(const struct log *log)
{
	return log->console_set ? log->console_loglevel :
				  CONSOLE_LOGLEVEL_DEFAULT;
}

/* Text of the current line to the ring and the console. */
static void log_emit(struct log *log, const char *s, size_t n)
{
	log_put(log, s, n);
	if (log->line_level < log_console_level(log))
		port_console_write(s, n);
}

static void log_stamp(struct log *log)
{
	u64 us = port_clock_ns() / 1000;
	char stamp[STAMP_MAX];
	int n;

	n = scnprintf(stamp, sizeof(stamp), "[%5llu.%06llu] ",
		      us / 1000000, us % 1000000);
	log_emit(log, stamp, (size_t)n);
}

/* One message, already formatted, that may hold several lines. */
static void log_message(struct log *log, int level, const char *s, size_t n)
{
	if (log->line_open && level != LEVEL_CONT) {
		log_emit(log, "\n", 1);
		log->line_open = false;
	}
	while (n) {
		const char *newline = memchr(s, '\n', n);
		size_t len = newline ? (size_t)(newline - s) + 1 : n;

		if (!log->line_open) {
			log->line_level = level == LEVEL_CONT ?
					  LOGLEVEL_DEFAULT : level;
			log_stamp(log);
		}
		log_emit(log, s, len);
		log->line_open = !newline;
		s += len;
		n -= len;
	}
}

/*
 * Takes the lock with interrupts off. False when this CPU has it already, and
 * then nothing has been taken.
 */
static bool log_lock(struct log *log, unsigned long *flags)
{
	int me;

	local_irq_save(*flags);
	me = raw_smp_processor_id() + 1;
	if (__atomic_load_n(&log->owner, __ATOMIC_RELAXED) == me) {
		local_irq_restore(*flags);
		return false;
	}
	raw_ticket_lock(&log->lock);
	/* Relaxed: only this CPU ever compares it with its own number. */
	__atomic_store_n(&log->owner, me, __ATOMIC_RELAXED);
	return true;
}

static void log_unlock(struct log *log, unsigned long flags)
{
	__atomic_store_n(&log->owner, 0, __ATOMIC_RELAXED);
	raw_ticket_unlock(&log->lock);
	local_irq_restore(flags);
}

/* The level at the front of @s; how many characters it takes. */
static size_t message_level(const char *s, int *level)
{
	*level = LOGLEVEL_DEFAULT;
	if (s[0] != KERN_SOH[0] || !s[1])
		return 0;
	if (s[1] >= '0' && s[1] <= '7')
		*level = s[1] - '0';
	else if (s[1] == 'c')
		*level = LEVEL_CONT;
	return 2;
}

int vprintk(const char *fmt, va_list args)
{
	struct machine *m = machine_or_null();
	char text[MESSAGE_MAX];
	unsigned long flags;
	size_t n, skip;
	bool locked;
	int level;

	n = (size_t)vscnprintf(text, sizeof(text), fmt, args);
	skip = message_level(text, &level);
	n -= skip;
	if (!m) {
		port_console_write(text + skip, n);
		return (int)n;
	}
	locked = log_lock(&m->log, &flags);
	log_message(&m->log, level, text + skip, n);
	if (locked)
		log_unlock(&m->log, flags);
	return (int)n;
}

int _printk(const char *fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = vprintk(fmt, args);
	va_end(args);
	return n;
}

/*
 * Copies the line at *@count, which moves past it; 0 at the end. A line that
 * was overwritten since the last call is skipped.
 */
static size_t log_read_line(struct log *log, unsigned long *count, char *to,
			    size_t size)
{
	unsigned long flags;
	bool locked = log_lock(log, &flags);
	size_t n = 0;

	*count = max(*count, log->tail);
	while (*count < log->head && n < size) {
		to[n] = *log_at(log, (*count)++);
		if (to[n++] == '\n')
			break;
	}
	if (locked)
		log_unlock(log, flags);
	return n;
}

unsigned long log_for_each(void (*emit)(void *ctx, const char *s, size_t n),
			   void *ctx)
{
	struct machine *m = machine_or_null();
	char line[MESSAGE_MAX + STAMP_MAX];
	unsigned long count = 0, end;
	size_t n;

	if (!m)
		return 0;
	/* What @emit itself logs is not read, or it might never end. */
	end = READ_ONCE(m->log.head);
	while (count < end &&
	       (n = log_read_line(&m->log, &count, line, sizeof(line))))
		emit(ctx, line, n);
	return READ_ONCE(m->log.lost);
}

void log_check(struct log *log)
{
	BUG_ON(log->tail > log->head);
	BUG_ON(log->head - log->tail > LOG_BUF_LEN);
	BUG_ON(log->head && log->head == log->tail);
	if (log->tail && log->head - log->tail < LOG_BUF_LEN)
		BUG_ON(*log_at(log, log->tail - 1) != '\n');
	if (log->head)
		BUG_ON((*log_at(log, log->head - 1) == '\n') ==
		       log->line_open);
}

void console_loglevel_set(int level)
{
	struct log *log = &this_machine()->log;
	unsigned long flags;
	bool locked = log_lock(log, &flags);

	log->console_loglevel = level;
	log->console_set = true;
	if (locked)
		log_unlock(log, flags);
}

int console_loglevel_get(void)
{
	return log_console_level(&this_machine()->log);
}

static int option_loglevel(char *val)
{
	int level, err = val ? kstrtoint(val, 0, &level) : -EINVAL;

	if (err)
		return option_malformed("loglevel", val, "is no number");
	console_loglevel_set(level);
	return 0;
}
early_param("loglevel", option_loglevel);

static int option_quiet(char *val)
{
	if (val)
		return option_malformed("quiet", val, "takes no value");
	console_loglevel_set(LOGLEVEL_DEFAULT);
	return 0;
}
early_param("quiet", option_quiet);

static int option_debug(char *val)
{
	if (val && !strcmp(val, "check"))
		return 0;	/* the page allocator's */
	if (val)
		return option_malformed("debug", val, "takes no value");
	console_loglevel_set(10);	/* the level Linux gives it */
	return 0;
}
early_param("debug", option_debug);

static int option_ignore_loglevel(char *val)
{
	console_loglevel_set(LEVEL_ALL);
	return 0;
}
early_param("ignore_loglevel", option_ignore_loglevel);
