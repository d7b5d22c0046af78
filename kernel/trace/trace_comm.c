// SPDX-License-Identifier: MIT
/*
 * Names of threads for records, which have the PID only: a small table by the
 * PID's lower bits, in which the newest of those that share a place stays. A
 * ring notes who runs when that is another thread than at its last record.
 *
 * Locks: comm_lock, which writers only try, as they may be anywhere: who does
 * not get it notes the name at the next record.
 */
#include "internal.h"

#include <linux/kernel.h>
#include <linux/spinlock.h>
#include <linux/string.h>

void trace_comm_note(struct trace_ring *r)
{
	struct trace_state *s = trace_state();
	struct trace_comm *comms, *c;

	if (likely(!current || current->pid == r->comm_pid || !current->pid))
		return;
	/* Pairs with the release in buffers_make(). */
	comms = __atomic_load_n(&s->comms, __ATOMIC_ACQUIRE);
	if (!comms || !spin_trylock(&s->comm_lock))
		return;
	c = &comms[(unsigned int)current->pid % TRACE_COMMS];
	c->pid = current->pid;
	memcpy(c->comm, current->comm, TASK_COMM_LEN);
	r->comm_pid = current->pid;
	spin_unlock(&s->comm_lock);
}

void trace_comm_find(int pid, char comm[TASK_COMM_LEN])
{
	struct trace_state *s = trace_state();
	const struct trace_comm *c;

	strscpy(comm, pid ? "<...>" : "<idle>", TASK_COMM_LEN);
	if (!pid || !s->comms)
		return;
	c = &s->comms[(unsigned int)pid % TRACE_COMMS];
	spin_lock(&s->comm_lock);
	if (c->pid == pid)
		memcpy(comm, c->comm, TASK_COMM_LEN);
	spin_unlock(&s->comm_lock);
}

void trace_comms_show(struct seq_file *m)
{
	struct trace_state *s = trace_state();
	struct trace_comm c;
	unsigned int i;

	for (i = 0; s->comms && i < TRACE_COMMS; i++) {
		spin_lock(&s->comm_lock);
		c = s->comms[i];
		spin_unlock(&s->comm_lock);
		if (c.pid)
			seq_printf(m, "%d %s\n", c.pid, c.comm);
	}
}
