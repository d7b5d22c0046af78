// SPDX-License-Identifier: MIT
/*
 * Messages that may come too often: so many in an interval. When the next
 * interval begins, the number of those that were left out is told.
 *
 * Lock order: state's lock -> none; who finds it taken is refused.
 */
#include <linux/ratelimit.h>

#include <linux/jiffies.h>
#include <linux/kernel.h>

/* A new interval; what the last one left out. State's lock. */
static int interval_begin(struct ratelimit_state *rs, unsigned long now)
{
	int missed = rs->missed;

	rs->begin = now;
	rs->printed = 0;
	rs->missed = 0;
	return missed;
}

int ___ratelimit(struct ratelimit_state *rs, const char *func)
{
	unsigned long now = get_jiffies() + 1, flags;
	int missed = 0;
	bool may;

	if (!rs->interval)
		return 1;
	local_irq_save(flags);
	if (!spin_trylock(&rs->lock)) {
		local_irq_restore(flags);
		return 0;
	}
	if (!rs->begin || time_after(now, rs->begin +
				     (unsigned long)rs->interval))
		missed = interval_begin(rs, now);
	may = rs->printed < rs->burst;
	if (may)
		rs->printed++;
	else
		rs->missed++;
	spin_unlock_irqrestore(&rs->lock, flags);
	if (missed && !(rs->flags & RATELIMIT_MSG_ON_RELEASE))
		pr_warn("%s: %d callbacks suppressed\n", func, missed);
	return may;
}
