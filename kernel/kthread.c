// SPDX-License-Identifier: MIT
/*
 * Kernel threads: made, bound, asked to stop.
 *
 * A thread made here sleeps until its first wake-up, and its home may be
 * chosen until then. kthread_stop() sets should_stop before it wakes; the
 * thread announces its sleep before it asks kthread_should_stop(). The
 * read-modify-writes on `state` (linux/sched.h) order the two, so the thread
 * either sees the request or is woken.
 *
 * Placement: a thread that is not bound gets the online CPU with fewest
 * threads that want to run, then with fewest threads, then the lowest. One
 * that is bound runs elsewhere while its CPU does not (sched_move.c).
 */
#include <linux/kthread.h>

#include <linux/completion.h>
#include <linux/kernel.h>
#include <linux/percpu.h>
#include <linux/stdarg.h>
#include <linux/string.h>

#include <octavo/machine.h>
#include <octavo/run_queue.h>

/* Threads that run or wait on @cpu, then threads it is home to. */
static u64 cpu_load(unsigned int cpu)
{
	struct run_queue *rq = per_cpu_ptr(&run_queue, cpu);
	unsigned long flags = run_queue_lock(rq);
	u64 running = rq->nr_queued + (rq->curr && rq->curr != rq->idle);

	run_queue_unlock(rq, flags);
	return running << 32 |
	       __atomic_load_n(&rq->nr_threads, __ATOMIC_RELAXED);
}

unsigned int sched_least_loaded_cpu(void)
{
	unsigned int cpu, best = (unsigned int)raw_smp_processor_id();
	u64 load, least = ~0ULL;

	for_each_online_cpu(cpu) {
		if (__atomic_load_n(&per_cpu(run_queue, cpu).shut,
				    __ATOMIC_RELAXED))
			continue;
		load = cpu_load(cpu);
		if (load < least) {
			least = load;
			best = cpu;
		}
		if (!load)
			break;
	}
	return best;
}

static struct task_struct * __printf(4, 0)
kthread_vcreate(int (*fn)(void *arg), void *arg, unsigned int cpu,
		const char *fmt, va_list args)
{
	struct task_struct *p;

	might_sleep();
	sched_reap();
	p = task_create(fn, arg, cpu);
	if (!IS_ERR(p))
		vsnprintf(p->comm, sizeof(p->comm), fmt, args);
	return p;
}

struct task_struct *kthread_create(int (*fn)(void *arg), void *arg,
				   const char *fmt, ...)
{
	struct task_struct *p;
	va_list args;

	va_start(args, fmt);
	p = kthread_vcreate(fn, arg, sched_least_loaded_cpu(), fmt, args);
	va_end(args);
	return p;
}

static struct task_struct * __printf(4, 5)
kthread_create_at(int (*fn)(void *arg), void *arg, unsigned int cpu,
		  const char *fmt, ...)
{
	struct task_struct *p;
	va_list args;

	va_start(args, fmt);
	p = kthread_vcreate(fn, arg, cpu, fmt, args);
	va_end(args);
	if (!IS_ERR(p))
		p->bound = (int)cpu;
	return p;
}

struct task_struct *kthread_create_on_cpu(int (*fn)(void *arg), void *arg,
					  unsigned int cpu, const char *name)
{
	const char *number = strstr(name, "%u");

	if (!number)
		return kthread_create_at(fn, arg, cpu, "%s", name);
	return kthread_create_at(fn, arg, cpu, "%.*s%u%s",
				 (int)(number - name), name, cpu, number + 2);
}

void kthread_bind(struct task_struct *p, unsigned int cpu)
{
	struct run_queue *rq;
	unsigned long flags;

	BUG_ON(__atomic_load_n(&p->state, __ATOMIC_RELAXED) !=
	       TASK_UNINTERRUPTIBLE);
	BUG_ON(!cpu_possible(cpu));
	rq = task_run_queue_lock(p, &flags);
	BUG_ON(p->on_rq);
	task_set_home(p, cpu);
	p->bound = (int)cpu;
	run_queue_unlock(rq, flags);
}

int kthread_stop(struct task_struct *p)
{
	int exit_code;

	might_sleep();
	get_task_struct(p);
	__atomic_store_n(&p->should_stop, true, __ATOMIC_RELAXED);
	wake_up_process(p);
	wait_for_completion(p->exited);
	exit_code = p->exit_code;
	put_task_struct(p);
	sched_reap();
	return exit_code;
}

bool kthread_should_stop(void)
{
	return __atomic_load_n(&current->should_stop, __ATOMIC_RELAXED);
}

void kthread_bind_mask(struct task_struct *p, const struct cpumask *mask)
{
	unsigned int cpu;

	for_each_cpu(cpu, mask) {
		if (cpu_online(cpu)) {
			kthread_bind(p, cpu);
			return;
		}
	}
	WARN(1, "%.16s: no CPU of its mask is online", p->comm);
}

int set_cpus_allowed_ptr(struct task_struct *p, const struct cpumask *mask)
{
	if (cpumask_test_cpu((unsigned int)p->cpu, mask))
		return 0;
	if (p->on_rq || p == current)
		return -EINVAL;
	if (!cpumask_intersects(mask, cpu_online_mask))
		return -EINVAL;
	kthread_bind_mask(p, mask);
	return 0;
}

/* ---- parking ---------------------------------------------------------- */

/*
 * A parked thread sleeps in kthread_parkme() until should_park is false. Who
 * parks it waits for `parked`; both look again each time they are woken.
 */
bool kthread_should_park(void)
{
	return __atomic_load_n(&current->should_park, __ATOMIC_SEQ_CST);
}

void kthread_parkme(void)
{
	struct task_struct *p = current;

	for (;;) {
		set_current_state(TASK_UNINTERRUPTIBLE);
		if (!kthread_should_park() || kthread_should_stop())
			break;
		__atomic_store_n(&p->parked, true, __ATOMIC_SEQ_CST);
		schedule();
	}
	__atomic_store_n(&p->parked, false, __ATOMIC_SEQ_CST);
	__set_current_state(TASK_RUNNING);
}

int kthread_park(struct task_struct *p)
{
	might_sleep();
	if (WARN_ON(p == current))
		return -ENOSYS;
	__atomic_store_n(&p->should_park, true, __ATOMIC_SEQ_CST);
	wake_up_process(p);
	while (!__atomic_load_n(&p->parked, __ATOMIC_SEQ_CST)) {
		if (completion_done(p->exited))
			return -ENOSYS;
		schedule_timeout_uninterruptible(1);
	}
	return 0;
}

void kthread_unpark(struct task_struct *p)
{
	__atomic_store_n(&p->should_park, false, __ATOMIC_SEQ_CST);
	wake_up_process(p);
}
