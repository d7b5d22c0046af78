// SPDX-License-Identifier: MIT
/* Planted bugs by name, and what is known of a run that failed. */
#include "sim_test.h"

#include <linux/kernel.h>
#include <linux/printk.h>
#include <linux/string.h>

#include <octavo/log.h>
#include <octavo/plant.h>

unsigned int simtest_nr_plants(void)
{
	return nr_plants;
}

const char *simtest_plant_name(unsigned int i)
{
	return plants[i - 1].name;
}

const char *simtest_plant_text(unsigned int i)
{
	return plants[i - 1].text;
}

void simtest_plant(unsigned int i)
{
	sim_plant(i ? plants[i - 1].id : PLANT_NONE);
}

struct report {
	sim_emit emit;
	void *ctx;
};

/* The first line of the log that says more than where the CPU was. */
struct first_line {
	char *buf;
	size_t size;
};

static void log_first(void *ctx, const char *s, size_t n)
{
	struct first_line *first = ctx;
	const char *stamp_end = memchr(s, ']', n);

	if (first->buf[0])
		return;
	if (stamp_end && (size_t)(stamp_end - s) + 2 < n) {
		n -= (size_t)(stamp_end - s) + 2;
		s = stamp_end + 2;
	}
	n = min(n, first->size);
	if (n && strncmp(s, "------------[", 13)) {
		memcpy(first->buf, s, n - 1);
		first->buf[n - 1] = '\0';
	}
}

const char *simtest_why(char *buf, size_t size)
{
	struct first_line first;
	int n = scnprintf(buf, size, "%s", failure ? failure : "nothing");

	if (!failure)
		return buf;
	n += scnprintf(buf + n, size - (size_t)n, ": ");
	first = (struct first_line){ buf + n, size - (size_t)n };
	buf[n] = '\0';
	log_for_each(log_first, &first);
	if (!buf[n])
		buf[n - 2] = '\0';
	return buf;
}

static void log_line(void *ctx, const char *s, size_t n)
{
	struct report *r = ctx;
	char line[512];

	n = min(n, sizeof(line));
	memcpy(line, s, n);
	line[n - 1] = '\0';
	r->emit(r->ctx, line, 0);
}

void simtest_report(sim_emit emit, void *ctx)
{
	struct report r = { emit, ctx };

	log_for_each(log_line, &r);
	sim_trace(test_sim(), emit, ctx);
}
