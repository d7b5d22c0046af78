/* SPDX-License-Identifier: MIT */
#ifndef _OCTAVO_MODULE_TYPES_H
#define _OCTAVO_MODULE_TYPES_H

struct kept_text;

/* o: the one thread that runs modules (module/module.c) */
struct modules_state {
	struct kept_text *texts;	/* o: of parameters, newest first */
};

#endif
