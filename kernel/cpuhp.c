// SPDX-License-Identifier: MIT
/*
 * The states that a CPU climbs when it comes and descends when it goes, and
 * what is called on the way.
 *
 *   OFFLINE .. CREATE_THREADS .. BP_PREPARE_DYN .. BRINGUP_CPU │ TEARDOWN_CPU
 *              by who brings or took the CPU                   │
 *   .. SMPBOOT_THREADS .. AP_ONLINE_DYN .. AP_ACTIVE, ONLINE
 *      steps of others: on the CPU, in its thread "cpuhp/N"
 *
 * A step is what one state does: a call for the way up, one for the way down,
 * either may be missing. The kernel's own steps are a constant table; all
 * others are set up at run time, with single calls, or with instances: then a
 * step is called once for each, in their order.
 *
 * A step that fails on the way up, or on the way down while the CPU still
 * runs, sends it back to where it came from: the calls of the other direction
 * are made for what had been done. Once the CPU has stopped there is no way
 * back, and a step that fails is reported.
 *
 * The threads that call steps on CPUs exist while any such step does: the
 * first one that is set up makes them for the CPUs that are online, and each
 * CPU that comes gets its own. So nothing needs memory on the way back.
 *
 * Invariants
 *   I1. cpuhp_cpu.state of a CPU that nobody brings or takes is OFFLINE or
 *       ONLINE, and ONLINE if and only if it is in cpu_online_mask.
 *   I2. While nr_ap is not 0, each online CPU has a thread; else none has.
 *   I3. Only multi steps have instances.
 *
 * Lock order: hotplug.op -> hotplug.lock -> hotplug.steps_lock. A CPU's way
 * is gone with the lock written, so steps do not change meanwhile.
 */
#include <linux/cpu.h>

#include <linux/bug.h>
#include <linux/completion.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/percpu.h>

#include <octavo/machine.h>

#include "cpuhp.h"

/* One call for the thread of a CPU. */
struct cpuhp_call {
	const struct cpuhp_step *step;
	struct hlist_node *node;	/* NULL: all, or a single call */
	bool up;
	bool stop;			/* no call: the thread is to end */
	int result;
};

/* l: hotplug.lock written, or steps_lock */
struct cpuhp_cpu {
	enum cpuhp_state state;		/* l: the last one that it passed */
	struct task_struct *task;	/* l: its thread, or NULL */
	struct cpuhp_call *call;	/* l: what it is to do */
	struct completion go, done;	/* a call is there; it has been made */
};

static DEFINE_PER_CPU(struct cpuhp_cpu, cpuhp_cpu);

static struct hotplug_state *hotplug(void)
{
	return &this_machine()->hotplug;
}

/* The kernel's own steps, which are called by who brings or takes the CPU. */
static const struct cpuhp_step own_steps[CPUHP_ONLINE + 1] = {
	[CPUHP_OFFLINE] = { .name = "offline" },
	[CPUHP_CREATE_THREADS] = { .name = "threads:prepare",
		.startup.single = cpuhp_thread_create,
		.teardown.single = cpuhp_thread_stop },
	[CPUHP_TIMERS_PREPARE] = { .name = "timers:prepare",
		.teardown.single = timers_cpu_dead },
	[CPUHP_BRINGUP_CPU] = { .name = "cpu:bringup",
		.startup.single = cpu_bring_up },
	[CPUHP_TEARDOWN_CPU] = { .name = "cpu:teardown",
		.teardown.single = cpu_take_down },
	[CPUHP_AP_SMPBOOT_THREADS] = { .name = "smpboot/threads:online",
		.startup.single = timers_cpu_online,
		.teardown.single = timers_cpu_leave },
	[CPUHP_AP_ACTIVE] = { .name = "sched:active",
		.startup.single = sched_cpu_return },
	[CPUHP_ONLINE] = { .name = "online" },
};

static bool state_is_valid(enum cpuhp_state state)
{
	return state > CPUHP_OFFLINE && state < CPUHP_ONLINE &&
	       !own_steps[state].name;
}

static const struct cpuhp_step *step_of(enum cpuhp_state state)
{
	return own_steps[state].name ? &own_steps[state] :
				       &hotplug()->step[state];
}

/* Whether steps of @state that are not the kernel's are called on the CPU. */
static bool state_is_ap(enum cpuhp_state state)
{
	return state > CPUHP_TEARDOWN_CPU;
}

/* ---- calls ------------------------------------------------------------ */

static int multi_call(unsigned int cpu, const struct cpuhp_step *s, bool up,
		      struct hlist_node *node)
{
	cpuhp_multi_fn fn = up ? s->startup.multi : s->teardown.multi;

	return fn ? fn(cpu, node) : 0;
}

/* Each instance; one that fails undoes those before. */
static int instances_call(unsigned int cpu, const struct cpuhp_step *s, bool up)
{
	struct hlist_node *pos, *undo;
	int err = 0;

	hlist_for_each(pos, &s->instances) {
		err = multi_call(cpu, s, up, pos);
		if (err)
			break;
	}
	if (!err)
		return 0;
	hlist_for_each(undo, &s->instances) {
		if (undo == pos)
			break;
		WARN(multi_call(cpu, s, !up, undo),
		     "CPU %u: %s cannot be undone", cpu, s->name);
	}
	return err;
}

static int step_call_here(unsigned int cpu, const struct cpuhp_step *s, bool up,
			  struct hlist_node *node)
{
	cpuhp_fn fn;

	if (s->multi)
		return node ? multi_call(cpu, s, up, node) :
			      instances_call(cpu, s, up);
	fn = up ? s->startup.single : s->teardown.single;
	return fn ? fn(cpu) : 0;
}

static bool step_is_empty(const struct cpuhp_step *s, bool up)
{
	/* The two are one word, whichever of them is meant. */
	return !(up ? s->startup.single : s->teardown.single) ||
	       (s->multi && hlist_empty(&s->instances));
}

static void thread_give(struct cpuhp_cpu *c, struct cpuhp_call *call)
{
	c->call = call;
	complete(&c->go);
	wait_for_completion(&c->done);
}

/* What @state does for @cpu in one direction. 0 or what the step said. */
static int step_call(unsigned int cpu, enum cpuhp_state state, bool up,
		     struct hlist_node *node)
{
	const struct cpuhp_step *s = step_of(state);
	struct cpuhp_call call = { .step = s, .node = node, .up = up };

	if (!s->name || (!node && step_is_empty(s, up)))
		return 0;
	if (s == &own_steps[state] || !state_is_ap(state))
		return step_call_here(cpu, s, up, node);
	thread_give(per_cpu_ptr(&cpuhp_cpu, cpu), &call);
	return call.result;
}

/* ---- threads ---------------------------------------------------------- */

static int cpuhp_thread(void *arg)
{
	struct cpuhp_cpu *c = arg;
	struct cpuhp_call *call;
	bool stop;

	do {
		wait_for_completion(&c->go);
		call = c->call;
		stop = call->stop;
		if (!stop)
			call->result = step_call_here((unsigned int)
						      current->cpu, call->step,
						      call->up, call->node);
		complete(&c->done);
	} while (!stop);
	return 0;
}

static int thread_make(unsigned int cpu)
{
	struct cpuhp_cpu *c = per_cpu_ptr(&cpuhp_cpu, cpu);
	struct task_struct *p;

	init_completion(&c->go);
	init_completion(&c->done);
	p = kthread_create_on_cpu(cpuhp_thread, c, cpu, "cpuhp/%u");
	if (IS_ERR(p))
		return (int)PTR_ERR(p);
	c->task = get_task_struct(p);
	return 0;
}

int cpuhp_thread_create(unsigned int cpu)
{
	return hotplug()->nr_ap ? thread_make(cpu) : 0;
}

int cpuhp_thread_stop(unsigned int cpu)
{
	struct cpuhp_cpu *c = per_cpu_ptr(&cpuhp_cpu, cpu);
	struct cpuhp_call stop = { .stop = true };

	if (!c->task)
		return 0;
	/* One whose CPU never came has not run; it ends without a call. */
	c->call = &stop;
	complete(&c->go);
	kthread_stop(c->task);
	put_task_struct(c->task);
	c->task = NULL;
	c->call = NULL;
	return 0;
}

void cpuhp_thread_start(unsigned int cpu)
{
	struct cpuhp_cpu *c = per_cpu_ptr(&cpuhp_cpu, cpu);

	if (c->task)
		wake_up_process(c->task);
}

/* One more step is called on CPUs. steps_lock. 0 or -errno. */
static int threads_get(void)
{
	unsigned int cpu, last;
	int err;

	if (hotplug()->nr_ap++)
		return 0;
	for_each_online_cpu(cpu) {
		err = thread_make(cpu);
		if (err)
			goto fail;
		cpuhp_thread_start(cpu);
	}
	return 0;
fail:
	last = cpu;
	for_each_online_cpu(cpu) {
		if (cpu == last)
			break;
		cpuhp_thread_stop(cpu);
	}
	hotplug()->nr_ap--;
	return err;
}

static void threads_put(void)
{
	unsigned int cpu;

	BUG_ON(!hotplug()->nr_ap);
	if (--hotplug()->nr_ap)
		return;
	for_each_online_cpu(cpu)
		cpuhp_thread_stop(cpu);
}

/* ---- the way up and down ---------------------------------------------- */

static void state_set(unsigned int cpu, enum cpuhp_state state)
{
	__atomic_store_n(&per_cpu_ptr(&cpuhp_cpu, cpu)->state, state,
			 __ATOMIC_RELAXED);
}

static enum cpuhp_state state_get(unsigned int cpu)
{
	return __atomic_load_n(&per_cpu_ptr(&cpuhp_cpu, cpu)->state,
			       __ATOMIC_RELAXED);
}

/* From where it is to @target; where a step fails, its error. */
static int climb(unsigned int cpu, enum cpuhp_state target)
{
	enum cpuhp_state state = state_get(cpu);
	int err;

	while (state < target) {
		err = step_call(cpu, state + 1, true, NULL);
		if (err) {
			pr_warn("cpu: CPU %u does not come: %s failed: %d\n",
				cpu, step_of(state + 1)->name, err);
			return err;
		}
		state_set(cpu, ++state);
	}
	return 0;
}

static int descend(unsigned int cpu, enum cpuhp_state target)
{
	enum cpuhp_state state = state_get(cpu);
	int err;

	for (; state > target; state_set(cpu, --state)) {
		err = step_call(cpu, state, false, NULL);
		if (!err)
			continue;
		if (state < CPUHP_TEARDOWN_CPU) {
			WARN(1, "CPU %u is gone, but %s failed: %d", cpu,
			     step_of(state)->name, err);
			continue;
		}
		pr_warn("cpu: CPU %u does not go: %s failed: %d\n", cpu,
			step_of(state)->name, err);
		return err;
	}
	return 0;
}

int cpuhp_up(unsigned int cpu)
{
	int err = climb(cpu, CPUHP_ONLINE);

	if (err)
		WARN(descend(cpu, CPUHP_OFFLINE),
		     "CPU %u can neither come nor go", cpu);
	return err;
}

int cpuhp_down(unsigned int cpu)
{
	int err = descend(cpu, CPUHP_OFFLINE);

	if (err)
		WARN(climb(cpu, CPUHP_ONLINE), "CPU %u can neither go nor stay",
		     cpu);
	return err;
}

void cpuhp_set_online(unsigned int cpu)
{
	state_set(cpu, CPUHP_ONLINE);
}

/* ---- setting steps up ------------------------------------------------- */

/* The first free state from @state to @end; CPUHP_INVALID: none. */
static enum cpuhp_state state_free(enum cpuhp_state state, enum cpuhp_state end)
{
	for (; state <= end; state++)
		if (!hotplug()->step[state].name)
			return state;
	return CPUHP_INVALID;
}

static bool state_is_dyn(enum cpuhp_state state)
{
	return state == CPUHP_BP_PREPARE_DYN || state == CPUHP_AP_ONLINE_DYN;
}

/* Where a step for @state goes, or -errno. */
static int state_find(enum cpuhp_state state)
{
	enum cpuhp_state end = state == CPUHP_BP_PREPARE_DYN ?
			       CPUHP_BP_PREPARE_DYN_END :
			       CPUHP_AP_ONLINE_DYN_END;
	enum cpuhp_state found;

	if (!state_is_valid(state))
		return -EINVAL;
	if (!state_is_dyn(state))
		return hotplug()->step[state].name ? -EBUSY : (int)state;
	found = state_free(state, end);
	return found == CPUHP_INVALID ? -ENOSPC : (int)found;
}

/* Calls the step, or one instance of it, for each CPU that has passed it. */
static int step_call_passed(enum cpuhp_state state, bool up,
			    struct hlist_node *node)
{
	unsigned int cpu, undo;
	int err;

	for_each_present_cpu(cpu) {
		if (state_get(cpu) < state)
			continue;
		err = step_call(cpu, state, up, node);
		if (err && up)
			goto fail;
		WARN(err, "CPU %u: %s failed: %d", cpu, step_of(state)->name,
		     err);
	}
	return 0;
fail:
	for_each_present_cpu(undo) {
		if (undo == cpu)
			break;
		if (state_get(undo) >= state)
			step_call(undo, state, false, node);
	}
	return err;
}

static void step_clear(enum cpuhp_state state)
{
	hotplug()->step[state] = (struct cpuhp_step){ 0 };
	if (state_is_ap(state))
		threads_put();
}

static int step_set(enum cpuhp_state state, const struct cpuhp_step *step,
		    bool invoke)
{
	int found, err;

	mutex_lock(&hotplug()->steps_lock);
	err = found = state_find(state);
	if (found < 0)
		goto out;
	err = state_is_ap(found) ? threads_get() : 0;
	if (err)
		goto out;
	hotplug()->step[found] = *step;
	err = invoke ? step_call_passed(found, true, NULL) : 0;
	if (err)
		step_clear(found);
	else if (state_is_dyn(state))
		err = found;
out:
	mutex_unlock(&hotplug()->steps_lock);
	return err;
}

int __cpuhp_setup_state_cpuslocked(enum cpuhp_state state, const char *name,
				   bool invoke, cpuhp_fn startup,
				   cpuhp_fn teardown)
{
	struct cpuhp_step step = {
		.name = name,
		.startup.single = startup,
		.teardown.single = teardown,
	};

	lockdep_assert_cpus_held();
	return name ? step_set(state, &step, invoke) : -EINVAL;
}

int __cpuhp_setup_state(enum cpuhp_state state, const char *name, bool invoke,
			cpuhp_fn startup, cpuhp_fn teardown)
{
	int ret;

	cpus_read_lock();
	ret = __cpuhp_setup_state_cpuslocked(state, name, invoke, startup,
					     teardown);
	cpus_read_unlock();
	return ret;
}

int cpuhp_setup_state_multi(enum cpuhp_state state, const char *name,
			    cpuhp_multi_fn startup, cpuhp_multi_fn teardown)
{
	struct cpuhp_step step = {
		.name = name,
		.startup.multi = startup,
		.teardown.multi = teardown,
		.multi = true,
	};
	int ret;

	if (!name)
		return -EINVAL;
	cpus_read_lock();
	ret = step_set(state, &step, false);
	cpus_read_unlock();
	return ret;
}

void __cpuhp_remove_state_cpuslocked(enum cpuhp_state state, bool invoke)
{
	struct cpuhp_step *s;

	if (WARN(!state_is_valid(state), "there is no CPU state %d", state))
		return;
	s = &hotplug()->step[state];
	mutex_lock(&hotplug()->steps_lock);
	if (WARN(!s->name, "CPU state %d is not set up", state) ||
	    WARN(s->multi && !hlist_empty(&s->instances),
		 "CPU state %s still has instances", s->name))
		goto out;
	if (invoke)
		step_call_passed(state, false, NULL);
	step_clear(state);
out:
	mutex_unlock(&hotplug()->steps_lock);
}

void __cpuhp_remove_state(enum cpuhp_state state, bool invoke)
{
	cpus_read_lock();
	__cpuhp_remove_state_cpuslocked(state, invoke);
	cpus_read_unlock();
}

/* ---- instances -------------------------------------------------------- */

static bool state_is_multi(enum cpuhp_state state)
{
	return state_is_valid(state) && hotplug()->step[state].multi;
}

int __cpuhp_state_add_instance(enum cpuhp_state state, struct hlist_node *node,
			       bool invoke)
{
	int err = -EINVAL;

	cpus_read_lock();
	mutex_lock(&hotplug()->steps_lock);
	if (state_is_multi(state))
		err = invoke ? step_call_passed(state, true, node) : 0;
	if (!err)
		hlist_add_head(node, &hotplug()->step[state].instances);
	mutex_unlock(&hotplug()->steps_lock);
	cpus_read_unlock();
	return err;
}

int __cpuhp_state_remove_instance(enum cpuhp_state state,
				  struct hlist_node *node, bool invoke)
{
	int err = -EINVAL;

	cpus_read_lock();
	mutex_lock(&hotplug()->steps_lock);
	if (state_is_multi(state)) {
		err = invoke ? step_call_passed(state, false, node) : 0;
		hlist_del(node);
	}
	mutex_unlock(&hotplug()->steps_lock);
	cpus_read_unlock();
	return err;
}

/* ---- what there is ---------------------------------------------------- */

const char *cpuhp_state_name(enum cpuhp_state state)
{
	return state >= CPUHP_OFFLINE && state <= CPUHP_ONLINE ?
	       step_of(state)->name : NULL;
}

void cpuhp_check(void)
{
	struct hotplug_state *h = hotplug();
	unsigned int cpu;
	int state;

	cpus_read_lock();
	mutex_lock(&h->steps_lock);
	for_each_possible_cpu(cpu) {
		BUG_ON(state_get(cpu) != (cpu_online(cpu) ? CPUHP_ONLINE :
					  CPUHP_OFFLINE));	/* I1 */
		BUG_ON(!per_cpu(cpuhp_cpu, cpu).task !=
		       !(h->nr_ap && cpu_online(cpu)));		/* I2 */
	}
	for (state = CPUHP_OFFLINE; state <= CPUHP_ONLINE; state++)
		BUG_ON(!h->step[state].multi &&
		       !hlist_empty(&h->step[state].instances)); /* I3 */
	mutex_unlock(&h->steps_lock);
	cpus_read_unlock();
}
