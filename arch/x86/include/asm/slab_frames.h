/* SPDX-License-Identifier: MIT */
#include <asm-generic/slab_frames.h>
