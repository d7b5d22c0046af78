/* SPDX-License-Identifier: MIT */
/*
 * Pages that fault. A handler of SIGSEGV is installed when the first one is
 * asked for; what it is not about goes to the handler that was there before.
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <ucontext.h>

#include "host_os.h"

#define FAULT_WRITE	2	/* of the error code that x86 pushes */

static host_fault_fn handle;
static struct sigaction former;
static pthread_once_t once = PTHREAD_ONCE_INIT;

/* As if this handler were not there. */
static void pass_on(int nr, siginfo_t *info, void *context)
{
	if (former.sa_flags & SA_SIGINFO) {
		former.sa_sigaction(nr, info, context);
	} else if (former.sa_handler != SIG_DFL &&
		   former.sa_handler != SIG_IGN) {
		former.sa_handler(nr);
	} else {
		/* The instruction faults again, and ends the process. */
		signal(nr, SIG_DFL);
	}
}

static void segv(int nr, siginfo_t *info, void *context)
{
	const ucontext_t *u = context;
	const greg_t *regs = u->uc_mcontext.gregs;
	int saved = errno;
	host_fault_fn fn = __atomic_load_n(&handle, __ATOMIC_ACQUIRE);
	bool done = info->si_code == SEGV_ACCERR &&
		    fn((uintptr_t)info->si_addr, regs[REG_ERR] & FAULT_WRITE,
		       (uintptr_t)regs[REG_RIP], (uintptr_t)regs[REG_RBP]);

	errno = saved;
	if (!done)
		pass_on(nr, info, context);
}

static void install(void)
{
	struct sigaction action = {
		.sa_sigaction = segv,
		/* A fault while reporting one is a fault. */
		.sa_flags = SA_SIGINFO | SA_NODEFER | SA_ONSTACK,
	};

	sigemptyset(&action.sa_mask);
	sigaction(SIGSEGV, &action, &former);
}

void host_faults_handle(host_fault_fn fn)
{
	__atomic_store_n(&handle, fn, __ATOMIC_RELEASE);
	pthread_once(&once, install);
}

int host_page_guard(const void *page, size_t size, bool guard)
{
	return mprotect((void *)(uintptr_t)page, size,
			guard ? PROT_NONE : PROT_READ | PROT_WRITE) ?
	       -errno : 0;
}
