/* SPDX-License-Identifier: MIT */
/*
 * Assertions, three grades.
 *
 *  BUG_ON, bug()    always on: what would corrupt memory if it went on
 *  VM_BUG_ON        built with CONFIG_DEBUG_VM: cheap checks of the core
 *  x_check()        whole structures; called by tests and by debug=check
 *
 * WARN_ON reports and goes on. Each writes one line that names the condition,
 * the file and the line, then a stack trace where the port can make one.
 */
#ifndef _LINUX_BUG_H
#define _LINUX_BUG_H

#include <linux/compiler.h>
#include <linux/types.h>

/* Stops the machine. "kernel BUG at FILE:LINE: COND". Any context. */
void __noreturn __cold bug_report(const char *file, int line,
				  const char *cond);
/* "WARNING: at FILE:LINE: " and the message. Any context. */
void __cold __printf(3, 4) warn_report(const char *file, int line,
				       const char *fmt, ...);

#define BUG()		bug_report(__FILE__, __LINE__, "BUG")
#ifdef CONFIG_COVERAGE
/* An assertion is no decision of the program: keep it out of the branches. */
void bug_report_if(bool cond, const char *file, int line, const char *text);
#define BUG_ON(c)	bug_report_if(!!(c), __FILE__, __LINE__, #c)
#else
#define BUG_ON(c) do {							\
	if (unlikely(c))						\
		bug_report(__FILE__, __LINE__, #c);			\
} while (0)
#endif

#define WARN(c, fmt, ...) ({						\
	bool __w = !!(c);						\
	if (unlikely(__w))						\
		warn_report(__FILE__, __LINE__, fmt, ##__VA_ARGS__);	\
	unlikely(__w); })
#define WARN_ON(c)	WARN(c, "%s", #c)
#ifdef MODULE
/* Reports the first time; the value is that of the condition each time. */
#define WARN_ONCE(c, fmt, ...) ({					\
	static bool __warned;						\
	bool __o = !!(c);						\
									\
	if (unlikely(__o) &&						\
	    !__atomic_exchange_n(&__warned, true, __ATOMIC_RELAXED))	\
		warn_report(__FILE__, __LINE__, fmt, ##__VA_ARGS__);	\
	unlikely(__o); })
#define WARN_ON_ONCE(c)	WARN_ONCE(c, "%s", #c)
#else	/* the core keeps nothing outside of a machine */
#define WARN_ONCE(c, fmt, ...)	WARN(c, fmt, ##__VA_ARGS__)
#define WARN_ON_ONCE(c)	WARN_ON(c)
#endif
#define WARN_TAINT(c, taint, fmt, ...)	WARN(c, fmt, ##__VA_ARGS__)
#define WARN_ON_SMP(c)	WARN_ON(c)

#ifdef CONFIG_DEBUG_VM
#define VM_BUG_ON(c)	BUG_ON(c)
#define VM_WARN_ON(c)	WARN_ON(c)
#else
#define VM_BUG_ON(c)	((void)sizeof((long)(c)))
#define VM_WARN_ON(c)	((void)sizeof((long)(c)))
#endif
#define VM_BUG_ON_PAGE(c, page)	VM_BUG_ON(c)
#define VM_WARN_ON_ONCE(c)	VM_WARN_ON(c)

#endif
