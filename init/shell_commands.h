/* SPDX-License-Identifier: MIT */
/* The console's commands, by the file that they stand in. */
#ifndef _INIT_SHELL_COMMANDS_H
#define _INIT_SHELL_COMMANDS_H

#include <octavo/shell.h>

/* init/commands_memory.c */
int command_alloc(struct shell *sh, int argc, char **argv);
int command_free(struct shell *sh, int argc, char **argv);
int command_memmap(struct shell *sh, int argc, char **argv);
int command_zones(struct shell *sh, int argc, char **argv);
int command_check(struct shell *sh, int argc, char **argv);
/* init/commands_settings.c */
int command_echo(struct shell *sh, int argc, char **argv);
int command_sysctl(struct shell *sh, int argc, char **argv);
/* init/commands_fault.c */
int command_fault(struct shell *sh, int argc, char **argv);

/* init/commands_cpu.c */
int command_cpu(struct shell *sh, int argc, char **argv);
/* init/commands_peek.c */
int command_peek(struct shell *sh, int argc, char **argv);
/* init/commands_owner.c */
int command_owner(struct shell *sh, int argc, char **argv);

/* init/commands_trace.c */
#ifdef CONFIG_TRACEPOINTS
int command_trace(struct shell *sh, int argc, char **argv);
#define TRACE_COMMANDS							\
	{ "trace", "on|off|show|pipe|clear|stat|list|dump|size|free [...]",	\
	  "what happens, event by event: trace on kmem", command_trace },
#else
#define TRACE_COMMANDS
#endif

#endif
