// SPDX-License-Identifier: MIT
/*
 * Whether a call fails because a test asked for it.
 *
 * A call is let through by the first of these that says so, in this order:
 *
 *   1  the thread's own countdown: at its end the call fails, whatever follows
 *   2  probability is 0
 *   3  times is used up
 *   4  space: the call takes its size from what is left, if that exceeds it
 *   5  interval: all but every so many-th call
 *   6  chance: a number below 100 that is not below the probability
 *
 * A call that none lets through fails, and takes one of `times`.
 *
 * Differs from Linux: no more than `times` calls fail, however many CPUs ask
 * at once, since a failure is taken before it is made; chance comes from the
 * machine's seeded source, so that a run can be had again.
 *
 * Locks: none.
 */
#include <linux/fault-inject.h>

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/string.h>

#include <octavo/port.h>

#define FORMAT	"<interval>,<probability>,<space>,<times>"
/* Four numbers of up to eleven characters, three commas, and a NUL. */
#define TEXT_MAX	48

/* Cuts @text at its commas into exactly four numbers. */
static bool numbers_read(char *text, int n[4])
{
	int i;

	for (i = 0; i < 4; i++) {
		char *comma = strchr(text, ',');

		if (!comma != (i == 3))
			return false;
		if (comma)
			*comma = '\0';
		if (kstrtoint(text, 10, &n[i]))
			return false;
		if (comma)
			text = comma + 1;
	}
	return true;
}

const char *fault_attr_parse(struct fault_attr *attr, const char *str)
{
	char text[TEXT_MAX];
	int n[4];

	if (!str || strscpy(text, str, sizeof(text)) < 0 ||
	    !numbers_read(text, n))
		return "is not " FORMAT;
	if (n[0] < 0)
		return "has an interval below 0";
	if (n[1] < 0 || n[1] > 100)
		return "has a probability that is not 0 to 100";
	if (n[2] < 0)
		return "has a space below 0";
	if (n[3] < -1)
		return "has times below -1";
	attr->interval = (unsigned int)n[0];
	atomic_set(&attr->space, n[2]);
	atomic_set(&attr->times, n[3]);
	atomic_set(&attr->count, 0);
	/* Last: from here on calls fail. */
	WRITE_ONCE(attr->probability, (unsigned int)n[1]);
	return NULL;
}

int setup_fault_attr(struct fault_attr *attr, const char *str)
{
	const char *fault = fault_attr_parse(attr, str);

	if (fault)
		pr_warn("FAULT_INJECTION: failed to parse arguments: \"%s\" %s\n",
			str ? str : "", fault);
	return !fault;
}

void fault_task_nth(unsigned int nth)
{
	current->fail_nth = nth;
}

/* What the thread's own countdown says of this call. */
enum task_nth { TASK_NTH_NONE, TASK_NTH_LATER, TASK_NTH_NOW };

static enum task_nth task_nth_step(void)
{
	struct task_struct *task = current;

	if (!task || in_interrupt() || likely(!task->fail_nth))
		return TASK_NTH_NONE;
	return --task->fail_nth ? TASK_NTH_LATER : TASK_NTH_NOW;
}

/* Whether @size could be taken from what may be used before any fails. */
static bool space_take(struct fault_attr *attr, ssize_t size)
{
	int space = atomic_read(&attr->space), old;

	while (space > size) {
		old = atomic_cmpxchg(&attr->space, space, space - (int)size);
		if (old == space)
			return true;
		space = old;
	}
	return false;
}

/* Takes one of the failures that are left. */
static bool times_take(struct fault_attr *attr)
{
	int times = atomic_read(&attr->times), old;

	while (times > 0) {
		old = atomic_cmpxchg(&attr->times, times, times - 1);
		if (old == times)
			return true;
		times = old;
	}
	return times < 0;
}

static bool interval_lets_through(struct fault_attr *attr)
{
	unsigned int interval = READ_ONCE(attr->interval);

	return interval > 1 &&
	       (unsigned int)atomic_inc_return(&attr->count) % interval;
}

static bool attr_fails(struct fault_attr *attr, ssize_t size)
{
	unsigned int probability = READ_ONCE(attr->probability);

	if (!probability || !atomic_read(&attr->times) ||
	    space_take(attr, size) || interval_lets_through(attr) ||
	    (probability < 100 && port_random() % 100 >= probability))
		return false;
	return times_take(attr);
}

static void fault_report(const struct fault_attr *attr)
{
	if (!attr->verbose)
		return;
	pr_notice("FAULT_INJECTION: forcing a failure.\n");
	pr_notice("name %s, interval %u, probability %u, space %d, times %d\n",
		  attr->name, attr->interval, attr->probability,
		  atomic_read(&attr->space), atomic_read(&attr->times));
	if (attr->verbose > 1)
		dump_stack();
}

bool should_fail_ex(struct fault_attr *attr, ssize_t size, int flags)
{
	enum task_nth nth = task_nth_step();

	if (nth == TASK_NTH_LATER)
		return false;
	if (nth == TASK_NTH_NONE && likely(!attr_fails(attr, size)))
		return false;
	atomic_long_inc(&attr->failed);
	if (!(flags & FAULT_NOWARN))
		fault_report(attr);
	return true;
}

bool should_fail(struct fault_attr *attr, ssize_t size)
{
	return should_fail_ex(attr, size, 0);
}

/* ---- the files --------------------------------------------------------- */

enum attr_file {
	ATTR_PROBABILITY, ATTR_INTERVAL, ATTR_SPACE, ATTR_TIMES, ATTR_VERBOSE,
	NR_ATTR_FILES
};

static const struct {
	const char *name;
	long min, max;
} attr_files[NR_ATTR_FILES] = {
	[ATTR_PROBABILITY] = { "probability", 0, 100 },
	[ATTR_INTERVAL] = { "interval", 0, INT_MAX },
	[ATTR_SPACE] = { "space", 0, INT_MAX },
	[ATTR_TIMES] = { "times", -1, INT_MAX },
	[ATTR_VERBOSE] = { "verbose", 0, 2 },
};

static enum attr_file attr_file_find(const char *name)
{
	int i;

	for (i = 0; i < NR_ATTR_FILES; i++)
		if (!strcmp(attr_files[i].name, name))
			break;
	return i;
}

int fault_attr_read(const struct fault_attr *attr, const char *name,
		    long *value)
{
	switch (attr_file_find(name)) {
	case ATTR_PROBABILITY:
		*value = attr->probability;
		return 0;
	case ATTR_INTERVAL:
		*value = attr->interval;
		return 0;
	case ATTR_SPACE:
		*value = atomic_read(&attr->space);
		return 0;
	case ATTR_TIMES:
		*value = atomic_read(&attr->times);
		return 0;
	case ATTR_VERBOSE:
		*value = attr->verbose;
		return 0;
	default:
		return -ENOENT;
	}
}

int fault_attr_write(struct fault_attr *attr, const char *name, long value)
{
	enum attr_file file = attr_file_find(name);

	if (file == NR_ATTR_FILES)
		return -ENOENT;
	if (value < attr_files[file].min || value > attr_files[file].max)
		return -EINVAL;
	switch (file) {
	case ATTR_PROBABILITY:
		WRITE_ONCE(attr->probability, (unsigned int)value);
		break;
	case ATTR_INTERVAL:
		atomic_set(&attr->count, 0);
		WRITE_ONCE(attr->interval, (unsigned int)value);
		break;
	case ATTR_SPACE:
		atomic_set(&attr->space, (int)value);
		break;
	case ATTR_TIMES:
		atomic_set(&attr->times, (int)value);
		break;
	default:
		attr->verbose = (unsigned int)value;
	}
	return 0;
}
