// SPDX-License-Identifier: MIT
/*
 * CPUs that go and come: what they held is back, what was theirs goes on
 * elsewhere, and who wanted to know was told, or had his way.
 *
 * Where there is one CPU only, what is refused is all that can be looked at.
 */
#include <kunit/test.h>
#include <linux/completion.h>
#include <linux/cpu.h>
#include <linux/delay.h>
#include <linux/errno.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/nodemask.h>
#include <linux/percpu.h>
#include <linux/proc_fs.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/timer.h>
#include <linux/topology.h>
#include <linux/vmstat.h>
#include <linux/workqueue.h>

#include <octavo/fail_page.h>
#include <octavo/machine.h>
#include <octavo/run_queue.h>

#include "log_capture.h"
#include "page_snapshot.h"
#include "text_capture.h"
#include "threads.h"

#define NR_OBJECTS	200
#define NR_TEST_PAGES	64
/* Rounds of the stress, each of which takes and brings a CPU; an emulator's
 * CPUs that all work take half a second for one. */
#define STRESS_ROUNDS	(IS_ENABLED(CONFIG_HOST) ? 12U : 4U)

static struct log_capture capture;

/* A CPU that may go; 0: there is none. */
static unsigned int some_cpu(void)
{
	unsigned int cpu = cpumask_last(cpu_online_mask);

	return cpu < NR_CPUS ? cpu : 0;
}

#define NEED_TWO_CPUS(test) do {					\
	if (!some_cpu())						\
		kunit_skip(test, "one CPU");				\
} while (0)

static int cpu_test_init(struct kunit *test)
{
	/* Lines about CPUs are many here; each case looks at its own. */
	log_capture_start(&capture);
	return 0;
}

static void cpu_test_exit(struct kunit *test)
{
	unsigned int cpu;

	page_alloc_fail_nth(0);
	for_each_present_cpu(cpu)
		add_cpu(cpu);
	log_capture_end(&capture);
	cpuhp_check();
	for_each_online_cpu(cpu)
		run_queue_check(per_cpu_ptr(&run_queue, cpu));
}

/* ---- one CPU after another -------------------------------------------- */

static void masks_expect(struct kunit *test, unsigned int cpu, bool online)
{
	KUNIT_EXPECT_EQ(test, cpu_online(cpu), online);
	KUNIT_EXPECT_TRUE(test, cpu_present(cpu));
	KUNIT_EXPECT_TRUE(test, cpu_possible(cpu));
}

static void off_on_test(struct kunit *test)
{
	struct page_snapshot before = page_snapshot_take();
	unsigned int cpu, nr = num_online_cpus();
	char line[64];

	NEED_TWO_CPUS(test);
	for_each_present_cpu(cpu) {
		if (!cpu)
			continue;
		KUNIT_EXPECT_EQ(test, remove_cpu(cpu), 0);
		masks_expect(test, cpu, false);
		KUNIT_EXPECT_EQ(test, num_online_cpus(), nr - 1);
		KUNIT_EXPECT_EQ(test, remove_cpu(cpu), 1);
		KUNIT_EXPECT_EQ(test, cpu_down(cpu), 0);
		KUNIT_EXPECT_EQ(test, smp_call_function_single((int)cpu, NULL,
							       NULL, 1),
				-ENXIO);
		KUNIT_EXPECT_EQ(test, add_cpu(cpu), 0);
		masks_expect(test, cpu, true);
		KUNIT_EXPECT_EQ(test, add_cpu(cpu), 1);
		KUNIT_EXPECT_EQ(test, cpu_up(cpu), 0);
		cpuhp_check();
		log_capture_end(&capture);
		scnprintf(line, sizeof(line),
			  "smpboot: CPU %u is now offline\n", cpu);
		KUNIT_EXPECT_TRUE(test, log_captured(&capture, line));
		scnprintf(line, sizeof(line),
			  "smpboot: Booting Node %d Processor %u APIC 0x",
			  cpu_to_node((int)cpu), cpu);
		KUNIT_EXPECT_TRUE(test, log_captured(&capture, line));
		log_capture_start(&capture);
	}
	page_snapshot_check(test, &before);
}

/* All but the first, then all again. */
static void all_off_test(struct kunit *test)
{
	struct page_snapshot before = page_snapshot_take();
	unsigned int cpu;

	NEED_TWO_CPUS(test);
	for_each_present_cpu(cpu)
		if (cpu)
			KUNIT_EXPECT_EQ(test, remove_cpu(cpu), 0);
	KUNIT_EXPECT_EQ(test, num_online_cpus(), 1U);
	synchronize_rcu();
	for_each_present_cpu(cpu)
		if (cpu)
			KUNIT_EXPECT_EQ(test, add_cpu(cpu), 0);
	KUNIT_EXPECT_TRUE(test, cpumask_equal(cpu_online_mask,
					      cpu_present_mask));
	page_snapshot_check(test, &before);
}

static bool node_has_cpus(int nid)
{
	return node_state(nid, N_CPU);
}

static void node_state_test(struct kunit *test)
{
	unsigned int cpu, others = 0;
	int nid;

	NEED_TWO_CPUS(test);
	nid = cpu_to_node((int)some_cpu());
	for_each_online_cpu(cpu)
		others += cpu_to_node((int)cpu) == nid;
	KUNIT_EXPECT_TRUE(test, node_has_cpus(nid));
	for (cpu = some_cpu(); cpu; cpu--) {
		if (!cpu_online(cpu) || cpu_to_node((int)cpu) != nid)
			continue;
		KUNIT_EXPECT_EQ(test, remove_cpu(cpu), 0);
		others--;
		KUNIT_EXPECT_EQ(test, node_has_cpus(nid), others > 0);
	}
}

/* ---- what is refused -------------------------------------------------- */

static void refused_line(struct kunit *test, const char *line)
{
	log_capture_end(&capture);
	KUNIT_EXPECT_TRUE(test, log_captured(&capture, line));
	log_capture_start(&capture);
}

static void refused_test(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, remove_cpu(0), -EPERM);
	refused_line(test, "cpu: CPU 0 cannot go off-line: the first CPU stays\n");
	KUNIT_EXPECT_EQ(test, remove_cpu(NR_CPUS), -EINVAL);
	refused_line(test, "cannot go off-line: there is no such CPU\n");
	KUNIT_EXPECT_EQ(test, add_cpu(NR_CPUS - 1), -EINVAL);
	refused_line(test, "cannot go on-line: there is no such CPU\n");
	KUNIT_EXPECT_EQ(test, add_cpu(~0U), -EINVAL);
	KUNIT_EXPECT_EQ(test, add_cpu(0), 1);
	NEED_TWO_CPUS(test);
	cpu_hotplug_disable();
	KUNIT_EXPECT_EQ(test, remove_cpu(some_cpu()), -EBUSY);
	refused_line(test, "cannot go off-line: CPUs may not come or go now\n");
	cpu_hotplug_enable();
	KUNIT_EXPECT_EQ(test, remove_cpu(some_cpu()), 0);
}

static struct text_capture *shown(struct kunit *test, const char *path)
{
	struct text_capture *c = text_capture_start();

	KUNIT_EXPECT_EQ(test, proc_show(path, &c->m), 0);
	return c;
}

static void files_test(struct kunit *test)
{
	unsigned int cpu = some_cpu();
	char path[64], why[128];
	struct text_capture *c;

	c = shown(test, SYS_CPU "possible");
	KUNIT_EXPECT_GT(test, c->len, (size_t)1);
	KUNIT_EXPECT_EQ(test, proc_write(SYS_CPU "cpu0/online", "0", why,
					 sizeof(why)), -ENOENT);
	KUNIT_EXPECT_EQ(test, proc_write(SYS_CPU "online", "0", why,
					 sizeof(why)), -EACCES);
	NEED_TWO_CPUS(test);
	scnprintf(path, sizeof(path), SYS_CPU "cpu%u/online", cpu);
	c = shown(test, path);
	KUNIT_EXPECT_STREQ(test, c->text, "1\n");
	KUNIT_EXPECT_EQ(test, proc_write(path, "maybe", why, sizeof(why)),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, proc_write(path, "0", why, sizeof(why)), 0);
	KUNIT_EXPECT_EQ(test, proc_write(path, "0", why, sizeof(why)), 0);
	c = shown(test, path);
	KUNIT_EXPECT_STREQ(test, c->text, "0\n");
	c = shown(test, SYS_CPU "offline");
	scnprintf(path, sizeof(path), "%u\n", cpu);
	KUNIT_EXPECT_STREQ(test, c->text, path);
	scnprintf(path, sizeof(path), SYS_CPU "cpu%u/online", cpu);
	KUNIT_EXPECT_EQ(test, proc_write(path, "1", why, sizeof(why)), 0);
	KUNIT_EXPECT_TRUE(test, cpu_online(cpu));
	c = shown(test, SYS_CPU "hotplug/states");
	KUNIT_EXPECT_TRUE(test, strstr(c->text, "mm/page_alloc:pcp\n"));
	KUNIT_EXPECT_TRUE(test, strstr(c->text, "slub:dead\n"));
}

/* ---- who wants to know ------------------------------------------------ */

/* What a step saw; fails when it is told to. */
static struct step_log {
	unsigned int up, down;		/* calls */
	unsigned int last;		/* CPU */
	bool here;			/* each was made on that CPU */
	bool online;			/* that was online each time */
	int up_error, down_error;
} steps[2];

static int step_note(struct step_log *s, unsigned int cpu, int err,
		     unsigned int *calls)
{
	s->last = cpu;
	s->here &= (unsigned int)raw_smp_processor_id() == cpu;
	s->online &= cpu_online(cpu);
	++*calls;
	return err;
}

static int first_up(unsigned int cpu)
{
	return step_note(&steps[0], cpu, steps[0].up_error, &steps[0].up);
}

static int first_down(unsigned int cpu)
{
	return step_note(&steps[0], cpu, steps[0].down_error, &steps[0].down);
}

static int second_up(unsigned int cpu)
{
	return step_note(&steps[1], cpu, steps[1].up_error, &steps[1].up);
}

static int second_down(unsigned int cpu)
{
	return step_note(&steps[1], cpu, steps[1].down_error, &steps[1].down);
}

static void steps_reset(void)
{
	steps[0] = steps[1] = (struct step_log){ .here = true, .online = true };
}

static void steps_expect(struct kunit *test, unsigned int i, unsigned int up,
			 unsigned int down)
{
	KUNIT_EXPECT_EQ(test, steps[i].up, up);
	KUNIT_EXPECT_EQ(test, steps[i].down, down);
}

static void callbacks_test(struct kunit *test)
{
	unsigned int cpu = some_cpu(), nr = num_online_cpus();
	int online, prepare;

	steps_reset();
	online = cpuhp_setup_state(CPUHP_AP_ONLINE_DYN, "test:online",
				   first_up, first_down);
	KUNIT_ASSERT_GT(test, online, 0);
	prepare = cpuhp_setup_state_nocalls(CPUHP_BP_PREPARE_DYN, "test:dead",
					    second_up, second_down);
	KUNIT_ASSERT_GT(test, prepare, 0);
	KUNIT_EXPECT_LT(test, prepare, (int)CPUHP_BRINGUP_CPU);
	steps_expect(test, 0, nr, 0);
	KUNIT_EXPECT_TRUE(test, steps[0].here);
	steps_expect(test, 1, 0, 0);
	cpuhp_check();
	if (cpu) {
		steps_reset();
		KUNIT_EXPECT_EQ(test, remove_cpu(cpu), 0);
		steps_expect(test, 0, 0, 1);
		steps_expect(test, 1, 0, 1);
		KUNIT_EXPECT_TRUE(test, steps[0].here && steps[0].online);
		KUNIT_EXPECT_FALSE(test, steps[1].here || steps[1].online);
		KUNIT_EXPECT_EQ(test, steps[1].last, cpu);
		steps_reset();
		KUNIT_EXPECT_EQ(test, add_cpu(cpu), 0);
		steps_expect(test, 0, 1, 0);
		steps_expect(test, 1, 1, 0);
		KUNIT_EXPECT_TRUE(test, steps[0].here && steps[0].online);
		KUNIT_EXPECT_FALSE(test, steps[1].here || steps[1].online);
	}
	steps_reset();
	cpuhp_remove_state_nocalls((enum cpuhp_state)prepare);
	cpuhp_remove_state((enum cpuhp_state)online);
	steps_expect(test, 0, 0, nr);
	steps_expect(test, 1, 0, 0);
}

/* A step that fails sends the CPU back; the one before is undone. */
static void rollback_test(struct kunit *test)
{
	unsigned int cpu = some_cpu();
	int a, b;

	NEED_TWO_CPUS(test);
	steps_reset();
	a = cpuhp_setup_state_nocalls(CPUHP_AP_ONLINE_DYN, "test:a", first_up,
				      first_down);
	b = cpuhp_setup_state_nocalls(CPUHP_AP_ONLINE_DYN, "test:b", second_up,
				      second_down);
	KUNIT_ASSERT_GT(test, b, a);

	/* On the way down b is asked first, then a refuses. */
	steps[0].down_error = -EAGAIN;
	KUNIT_EXPECT_EQ(test, remove_cpu(cpu), -EAGAIN);
	masks_expect(test, cpu, true);
	steps_expect(test, 0, 0, 1);
	steps_expect(test, 1, 1, 1);
	refused_line(test, "does not go: test:a failed: -11\n");
	cpuhp_check();
	steps_reset();
	KUNIT_EXPECT_EQ(test, remove_cpu(cpu), 0);

	/* On the way up b refuses, and a is undone. */
	steps_reset();
	steps[1].up_error = -ENOSPC;
	KUNIT_EXPECT_EQ(test, add_cpu(cpu), -ENOSPC);
	masks_expect(test, cpu, false);
	steps_expect(test, 0, 1, 1);
	steps_expect(test, 1, 1, 0);
	refused_line(test, "does not come: test:b failed: -28\n");
	cpuhp_check();
	steps_reset();
	KUNIT_EXPECT_EQ(test, add_cpu(cpu), 0);
	cpuhp_remove_state_nocalls((enum cpuhp_state)a);
	cpuhp_remove_state_nocalls((enum cpuhp_state)b);
}

/* Setting up calls each CPU; the last one that refuses undoes them all. */
static int fail_on_last(unsigned int cpu)
{
	steps[0].up++;
	return cpu == some_cpu() ? -EIO : 0;
}

static void setup_refused_test(struct kunit *test)
{
	unsigned int nr = num_online_cpus();
	int state;

	steps_reset();
	KUNIT_EXPECT_EQ(test, cpuhp_setup_state(CPUHP_AP_ONLINE_DYN, "test",
						fail_on_last, first_down),
			-EIO);
	steps_expect(test, 0, nr, nr - 1);
	cpuhp_check();
	KUNIT_EXPECT_EQ(test, cpuhp_setup_state(CPUHP_BRINGUP_CPU, "test",
						NULL, NULL), -EINVAL);
	KUNIT_EXPECT_EQ(test, cpuhp_setup_state(CPUHP_ONLINE, "test", NULL,
						NULL), -EINVAL);
	KUNIT_EXPECT_EQ(test, cpuhp_setup_state(CPUHP_PAGE_ALLOC, "test", NULL,
						NULL), -EBUSY);
	KUNIT_EXPECT_EQ(test, cpuhp_setup_state(CPUHP_AP_ONLINE_DYN, NULL,
						NULL, NULL), -EINVAL);
	for (state = CPUHP_BP_PREPARE_DYN; state <= CPUHP_BP_PREPARE_DYN_END;
	     state++)
		KUNIT_EXPECT_EQ(test, cpuhp_setup_state(CPUHP_BP_PREPARE_DYN,
							"test", NULL, NULL),
				state);
	KUNIT_EXPECT_EQ(test, cpuhp_setup_state(CPUHP_BP_PREPARE_DYN, "test",
						NULL, NULL), -ENOSPC);
	for (state = CPUHP_BP_PREPARE_DYN; state <= CPUHP_BP_PREPARE_DYN_END;
	     state++)
		cpuhp_remove_state((enum cpuhp_state)state);
}

struct instance {
	struct hlist_node node;
	unsigned int up, down;
	int up_error;
};

static int instance_up(unsigned int cpu, struct hlist_node *node)
{
	struct instance *i = hlist_entry(node, struct instance, node);

	i->up++;
	return i->up_error;
}

static int instance_down(unsigned int cpu, struct hlist_node *node)
{
	hlist_entry(node, struct instance, node)->down++;
	return 0;
}

static void instances_test(struct kunit *test)
{
	struct instance a = { .up = 0 }, b = { .up = 0 };
	unsigned int cpu = some_cpu(), nr = num_online_cpus();
	enum cpuhp_state state;
	int ret;

	ret = cpuhp_setup_state_multi(CPUHP_AP_ONLINE_DYN, "test:multi",
				      instance_up, instance_down);
	KUNIT_ASSERT_GT(test, ret, 0);
	state = (enum cpuhp_state)ret;
	KUNIT_EXPECT_EQ(test, cpuhp_state_add_instance(state, &a.node), 0);
	KUNIT_EXPECT_EQ(test, a.up, nr);
	KUNIT_EXPECT_EQ(test, cpuhp_state_add_instance_nocalls(state, &b.node),
			0);
	KUNIT_EXPECT_EQ(test, b.up, 0U);
	KUNIT_EXPECT_EQ(test, cpuhp_state_add_instance(CPUHP_PAGE_ALLOC,
						       &b.node), -EINVAL);
	if (cpu) {
		KUNIT_EXPECT_EQ(test, remove_cpu(cpu), 0);
		KUNIT_EXPECT_EQ(test, a.down + b.down, 2U);
		/* b comes first, and is undone as a refuses. */
		a.up_error = -EIO;
		KUNIT_EXPECT_EQ(test, add_cpu(cpu), -EIO);
		KUNIT_EXPECT_EQ(test, b.up, 1U);
		KUNIT_EXPECT_EQ(test, a.down, 1U);
		KUNIT_EXPECT_EQ(test, b.down, 2U);
		a.up_error = 0;
		KUNIT_EXPECT_EQ(test, add_cpu(cpu), 0);
	}
	a.down = 0;
	KUNIT_EXPECT_EQ(test, cpuhp_state_remove_instance(state, &a.node), 0);
	KUNIT_EXPECT_EQ(test, a.down, nr);
	cpuhp_state_remove_instance_nocalls(state, &b.node);
	cpuhp_remove_multi_state(state);
}

/* ---- threads, timers, works, callbacks -------------------------------- */

struct mover {
	unsigned int rounds;		/* a: turns so far */
	bool stop;			/* a */
	bool pinned;			/* it may not be moved */
	bool unpin;			/* a: may it be moved now? */
	int cpu;			/* a: where it ran last */
};

static void mover_body(void *arg)
{
	struct mover *m = arg;

	if (m->pinned)
		migrate_disable();
	while (!READ_ONCE(m->stop)) {
		WRITE_ONCE(m->cpu, raw_smp_processor_id());
		__atomic_fetch_add(&m->rounds, 1, __ATOMIC_RELAXED);
		if (m->pinned && READ_ONCE(m->unpin)) {
			migrate_enable();
			m->pinned = false;
		}
		schedule_timeout_uninterruptible(1);
	}
	if (m->pinned)
		migrate_enable();
}

static void runner_body(void *arg)
{
	struct mover *m = arg;

	while (!READ_ONCE(m->stop)) {
		WRITE_ONCE(m->cpu, raw_smp_processor_id());
		__atomic_fetch_add(&m->rounds, 1, __ATOMIC_RELAXED);
		cpu_relax();
		cond_resched();
	}
}

static void mover_turn(struct mover *m)
{
	unsigned int was = __atomic_load_n(&m->rounds, __ATOMIC_RELAXED);

	while (__atomic_load_n(&m->rounds, __ATOMIC_RELAXED) < was + 3)
		schedule_timeout_uninterruptible(1);
}

static void stop_and_join(struct mover *m, struct test_thread *t)
{
	WRITE_ONCE(m->stop, true);
	test_thread_join(t);
}

/* Who sleeps and who runs on a CPU goes on elsewhere, and comes back. */
static void threads_move_test(struct kunit *test)
{
	struct mover sleeper = { .cpu = -1 }, runner = { .cpu = -1 };
	struct test_thread s, r;
	unsigned int cpu = some_cpu();

	NEED_TWO_CPUS(test);
	KUNIT_ASSERT_TRUE(test, test_thread_start(&s, mover_body, &sleeper,
						  cpu));
	KUNIT_ASSERT_TRUE(test, test_thread_start(&r, runner_body, &runner,
						  cpu));
	mover_turn(&sleeper);
	mover_turn(&runner);
	KUNIT_EXPECT_EQ(test, READ_ONCE(sleeper.cpu), (int)cpu);
	KUNIT_EXPECT_EQ(test, READ_ONCE(runner.cpu), (int)cpu);
	KUNIT_EXPECT_EQ(test, remove_cpu(cpu), 0);
	KUNIT_EXPECT_EQ(test, per_cpu(run_queue, cpu).nr_threads, 0U);
	mover_turn(&sleeper);
	mover_turn(&runner);
	KUNIT_EXPECT_NE(test, READ_ONCE(sleeper.cpu), (int)cpu);
	KUNIT_EXPECT_NE(test, READ_ONCE(runner.cpu), (int)cpu);
	KUNIT_EXPECT_EQ(test, add_cpu(cpu), 0);
	mover_turn(&sleeper);
	mover_turn(&runner);
	mover_turn(&sleeper);
	mover_turn(&runner);
	KUNIT_EXPECT_EQ(test, READ_ONCE(sleeper.cpu), (int)cpu);
	KUNIT_EXPECT_EQ(test, READ_ONCE(runner.cpu), (int)cpu);
	stop_and_join(&sleeper, &s);
	stop_and_join(&runner, &r);
}

/* One that is made for a CPU that does not run. */
static void thread_for_absent_test(struct kunit *test)
{
	struct mover m = { .cpu = -1 };
	unsigned int cpu = some_cpu();
	struct test_thread t;

	NEED_TWO_CPUS(test);
	KUNIT_EXPECT_EQ(test, remove_cpu(cpu), 0);
	KUNIT_ASSERT_TRUE(test, test_thread_start(&t, mover_body, &m, cpu));
	mover_turn(&m);
	KUNIT_EXPECT_NE(test, READ_ONCE(m.cpu), (int)cpu);
	KUNIT_EXPECT_EQ(test, add_cpu(cpu), 0);
	mover_turn(&m);
	mover_turn(&m);
	KUNIT_EXPECT_EQ(test, READ_ONCE(m.cpu), (int)cpu);
	stop_and_join(&m, &t);
}

static void unpin_body(void *arg)
{
	struct mover *m = arg;

	schedule_timeout_uninterruptible(5);
	WRITE_ONCE(m->unpin, true);
}

/* A CPU waits for who may not be moved. */
static void pinned_test(struct kunit *test)
{
	struct mover m = { .pinned = true, .cpu = -1 };
	unsigned int cpu = some_cpu();
	struct test_thread t, helper;

	NEED_TWO_CPUS(test);
	KUNIT_ASSERT_TRUE(test, test_thread_start(&t, mover_body, &m, cpu));
	mover_turn(&m);
	KUNIT_ASSERT_TRUE(test, test_thread_start(&helper, unpin_body, &m, 0));
	KUNIT_EXPECT_EQ(test, remove_cpu(cpu), 0);
	KUNIT_EXPECT_TRUE(test, READ_ONCE(m.unpin));
	mover_turn(&m);
	KUNIT_EXPECT_NE(test, READ_ONCE(m.cpu), (int)cpu);
	test_thread_join(&helper);
	stop_and_join(&m, &t);
}

static struct completion fired;
static int fired_on;

static void timer_fire(struct timer_list *timer)
{
	WRITE_ONCE(fired_on, raw_smp_processor_id());
	complete(&fired);
}

static DEFINE_TIMER(test_timer, timer_fire);

static void timers_move_test(struct kunit *test)
{
	unsigned int cpu = some_cpu();

	NEED_TWO_CPUS(test);
	init_completion(&fired);
	test_timer.expires = jiffies + 20;
	add_timer_on(&test_timer, (int)cpu);
	KUNIT_EXPECT_EQ(test, remove_cpu(cpu), 0);
	KUNIT_EXPECT_TRUE(test, timer_pending(&test_timer) ||
				completion_done(&fired));
	wait_for_completion(&fired);
	/* One for a CPU that is off-line. */
	test_timer.expires = jiffies + 1;
	add_timer_on(&test_timer, (int)cpu);
	wait_for_completion(&fired);
	KUNIT_EXPECT_NE(test, READ_ONCE(fired_on), (int)cpu);
	KUNIT_EXPECT_EQ(test, add_cpu(cpu), 0);
	test_timer.expires = jiffies + 1;
	add_timer_on(&test_timer, (int)cpu);
	wait_for_completion(&fired);
	KUNIT_EXPECT_EQ(test, READ_ONCE(fired_on), (int)cpu);
	timer_delete_sync(&test_timer);
}

struct slow_work {
	struct work_struct work;
	struct completion begun;
	int cpu;			/* where it ended */
	bool stop;
};

static void slow_work_fn(struct work_struct *work)
{
	struct slow_work *w = container_of(work, struct slow_work, work);

	complete(&w->begun);
	while (!READ_ONCE(w->stop))
		schedule_timeout_uninterruptible(1);
	w->cpu = raw_smp_processor_id();
}

static void works_move_test(struct kunit *test)
{
	static struct slow_work w;
	unsigned int cpu = some_cpu();

	NEED_TWO_CPUS(test);
	w = (struct slow_work){ .cpu = -1 };
	INIT_WORK(&w.work, slow_work_fn);
	init_completion(&w.begun);
	KUNIT_EXPECT_TRUE(test, schedule_work_on((int)cpu, &w.work));
	wait_for_completion(&w.begun);
	KUNIT_EXPECT_EQ(test, remove_cpu(cpu), 0);
	WRITE_ONCE(w.stop, true);
	flush_work(&w.work);
	KUNIT_EXPECT_NE(test, w.cpu, (int)cpu);
	/* A CPU that is off-line does not keep its works. */
	KUNIT_EXPECT_TRUE(test, queue_work_on((int)cpu, system_wq, &w.work));
	flush_work(&w.work);
	KUNIT_EXPECT_EQ(test, add_cpu(cpu), 0);
	KUNIT_EXPECT_TRUE(test, schedule_work_on((int)cpu, &w.work));
	flush_work(&w.work);
	KUNIT_EXPECT_EQ(test, w.cpu, (int)cpu);
}

static unsigned int rcu_calls;

static void rcu_called(struct rcu_head *head)
{
	__atomic_fetch_add(&rcu_calls, 1, __ATOMIC_RELAXED);
}

static struct rcu_head heads[8];

static void rcu_body(void *arg)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(heads); i++)
		call_rcu(&heads[i], rcu_called);
}

static void callbacks_are_called_test(struct kunit *test)
{
	unsigned int cpu = some_cpu();
	struct test_thread t;

	NEED_TWO_CPUS(test);
	rcu_calls = 0;
	KUNIT_ASSERT_TRUE(test, test_thread_start(&t, rcu_body, NULL, cpu));
	test_thread_join(&t);
	KUNIT_EXPECT_EQ(test, remove_cpu(cpu), 0);
	rcu_barrier();
	KUNIT_EXPECT_EQ(test, __atomic_load_n(&rcu_calls, __ATOMIC_RELAXED),
			(unsigned int)ARRAY_SIZE(heads));
	rcu_check();
}

/* ---- memory ----------------------------------------------------------- */

static struct kmem_cache *cache;
static void *objects[NR_OBJECTS];
static struct page *test_pages[NR_TEST_PAGES];

/* Leaves pages and objects in the lists of its CPU, and keeps half. */
static void filler_body(void *arg)
{
	unsigned int *wrong = arg, i;

	for (i = 0; i < NR_TEST_PAGES; i++) {
		test_pages[i] = alloc_pages(GFP_KERNEL, i % 3);
		*wrong += !test_pages[i];
	}
	for (i = 0; i < NR_OBJECTS; i++) {
		objects[i] = kmem_cache_alloc(cache, GFP_KERNEL);
		*wrong += !objects[i];
	}
	for (i = 0; i < NR_TEST_PAGES; i += 2)
		__free_pages(test_pages[i], i % 3);
	for (i = 0; i < NR_OBJECTS; i += 2)
		kmem_cache_free(cache, objects[i]);
}

static unsigned long cpu_pages(unsigned int cpu)
{
	struct zone_pageset_info info;
	unsigned long pages = 0;
	struct zone *zone;

	for_each_populated_zone(zone) {
		zone_pageset_info(zone, cpu, &info);
		pages += (unsigned long)info.count;
	}
	return pages;
}

/* What its lists, arrays and counters held is not lost, nor counted twice. */
static void memory_test(struct kunit *test)
{
	static unsigned long then[NR_VM_EVENT_ITEMS], now[NR_VM_EVENT_ITEMS];
	struct page_snapshot before = page_snapshot_take();
	unsigned int cpu = some_cpu(), wrong = 0, i;
	struct test_thread t;

	NEED_TWO_CPUS(test);
	cache = kmem_cache_create("cpu_test", 96, 0, SLAB_NO_MERGE, NULL);
	KUNIT_ASSERT_NOT_NULL(test, cache);
	KUNIT_ASSERT_TRUE(test, test_thread_start(&t, filler_body, &wrong,
						  cpu));
	test_thread_join(&t);
	KUNIT_EXPECT_EQ(test, wrong, 0U);
	KUNIT_EXPECT_GT(test, cpu_pages(cpu), 0UL);
	all_vm_events(then);
	KUNIT_EXPECT_EQ(test, remove_cpu(cpu), 0);
	all_vm_events(now);
	KUNIT_EXPECT_GE(test, now[PGFREE], then[PGFREE]);
	KUNIT_EXPECT_GE(test, now[PGALLOC_DMA + ZONE_NORMAL],
			then[PGALLOC_DMA + ZONE_NORMAL]);
	KUNIT_EXPECT_EQ(test, cpu_pages(cpu), 0UL);
	KUNIT_EXPECT_TRUE(test, pcp_check());
	KUNIT_EXPECT_EQ(test, kmem_cache_check(cache), 0);
	for (i = 1; i < NR_TEST_PAGES; i += 2)
		__free_pages(test_pages[i], i % 3);
	for (i = 1; i < NR_OBJECTS; i += 2)
		kmem_cache_free(cache, objects[i]);
	KUNIT_EXPECT_EQ(test, add_cpu(cpu), 0);
	/* Its lists are there again. */
	KUNIT_ASSERT_TRUE(test, test_thread_start(&t, filler_body, &wrong,
						  cpu));
	test_thread_join(&t);
	KUNIT_EXPECT_EQ(test, wrong, 0U);
	KUNIT_EXPECT_GT(test, cpu_pages(cpu), 0UL);
	for (i = 1; i < NR_TEST_PAGES; i += 2)
		__free_pages(test_pages[i], i % 3);
	for (i = 1; i < NR_OBJECTS; i += 2)
		kmem_cache_free(cache, objects[i]);
	kmem_cache_destroy(cache);
	page_snapshot_check(test, &before);
}

/* Each request for memory on a CPU's way up that fails sends it back. */
static void fault_points_test(struct kunit *test)
{
	struct page_snapshot before;
	unsigned int cpu = some_cpu();
	bool reached = true;
	int state, err;
	long nth;

	NEED_TWO_CPUS(test);
	if (!IS_ENABLED(CONFIG_PAGE_DEBUG))
		kunit_skip(test, "no page_debug");
	steps_reset();
	state = cpuhp_setup_state_nocalls(CPUHP_AP_ONLINE_DYN, "test",
					  first_up, first_down);
	KUNIT_ASSERT_GT(test, state, 0);
	KUNIT_EXPECT_EQ(test, remove_cpu(cpu), 0);
	/* Objects of threads come from pages then, and so can fail. */
	before = page_snapshot_take();
	for (nth = 1; reached && nth < 64; nth++) {
		page_alloc_fail_nth(nth);
		err = add_cpu(cpu);
		reached = !page_alloc_fail_left();
		page_alloc_fail_nth(0);
		KUNIT_EXPECT_EQ(test, cpu_online(cpu), !err);
		if (err)
			KUNIT_EXPECT_EQ(test, err, -ENOMEM);
		cpuhp_check();
		if (!err)
			KUNIT_EXPECT_EQ(test, remove_cpu(cpu), 0);
		page_snapshot_check(test, &before);
	}
	KUNIT_EXPECT_FALSE(test, reached);
	KUNIT_EXPECT_EQ(test, add_cpu(cpu), 0);
	cpuhp_remove_state_nocalls((enum cpuhp_state)state);
}

/* ---- all at once ------------------------------------------------------ */

struct worker {
	unsigned long wrong, rounds;
	u64 seed;
	bool stop;
};

#define WORKER_OBJECTS	32

static u32 worker_random(struct worker *w)
{
	w->seed = w->seed * 6364136223846793005ULL + 1442695040888963407ULL;
	return (u32)(w->seed >> 33);
}

/* Objects and pages that come and go, with their owner's mark in them. */
static void worker_body(void *arg)
{
	void *held[WORKER_OBJECTS] = { NULL };
	struct worker *w = arg;
	unsigned int i;

	while (!READ_ONCE(w->stop)) {
		i = worker_random(w) % WORKER_OBJECTS;
		if (held[i]) {
			w->wrong += *(void **)held[i] != &held[i];
			kfree(held[i]);
			held[i] = NULL;
		} else {
			held[i] = kmalloc(16U << worker_random(w) % 9,
					  GFP_KERNEL);
			w->wrong += !held[i];
			if (held[i])
				*(void **)held[i] = &held[i];
		}
		if (++w->rounds % 64 == 0)
			cond_resched();
	}
	for (i = 0; i < WORKER_OBJECTS; i++)
		kfree(held[i]);
}

static void stress_test(struct kunit *test)
{
	struct page_snapshot before = page_snapshot_take();
	static struct worker w[4];
	struct test_thread t[4];
	unsigned int i, cpu, nr = num_present_cpus();

	NEED_TWO_CPUS(test);
	for (i = 0; i < ARRAY_SIZE(t); i++) {
		w[i] = (struct worker){ .seed = test->seed * 8 + i };
		KUNIT_ASSERT_TRUE(test, test_thread_start(&t[i], worker_body,
							  &w[i], test_cpu(i)));
	}
	for (i = 0; i < STRESS_ROUNDS; i++) {
		cpu = 1 + i % (nr - 1);
		KUNIT_EXPECT_EQ(test, remove_cpu(cpu), 0);
		drain_all_pages(NULL);
		kmem_caches_reap_all();
		synchronize_rcu();
		KUNIT_EXPECT_EQ(test, add_cpu(cpu), 0);
	}
	for (i = 0; i < ARRAY_SIZE(t); i++) {
		WRITE_ONCE(w[i].stop, true);
		test_thread_join(&t[i]);
		KUNIT_EXPECT_EQ(test, w[i].wrong, 0UL);
		KUNIT_EXPECT_GT(test, w[i].rounds, 0UL);
	}
	rcu_check();
	page_snapshot_check(test, &before);
}

static struct kunit_case cpu_cases[] = {
	KUNIT_CASE(off_on_test),
	KUNIT_CASE(all_off_test),
	KUNIT_CASE(node_state_test),
	KUNIT_CASE(refused_test),
	KUNIT_CASE(files_test),
	KUNIT_CASE(callbacks_test),
	KUNIT_CASE(rollback_test),
	KUNIT_CASE(setup_refused_test),
	KUNIT_CASE(instances_test),
	KUNIT_CASE(threads_move_test),
	KUNIT_CASE(thread_for_absent_test),
	KUNIT_CASE(pinned_test),
	KUNIT_CASE(timers_move_test),
	KUNIT_CASE(works_move_test),
	KUNIT_CASE(callbacks_are_called_test),
	KUNIT_CASE(memory_test),
	KUNIT_CASE(fault_points_test),
	KUNIT_CASE(stress_test),
	{}
};

static struct kunit_suite cpu_suite = {
	.name = "cpu",
	.init = cpu_test_init,
	.exit = cpu_test_exit,
	.test_cases = cpu_cases,
};
kunit_test_suite(cpu_suite);
