// SPDX-License-Identifier: MIT
/* Arithmetic that processors have no instruction for. */
#include <linux/math.h>

#include <linux/bitops.h>

/* One binary digit of the root at a time, from the highest that can be set. */
unsigned long int_sqrt(unsigned long x)
{
	unsigned long root = 0, bit;

	if (!x)
		return 0;
	for (bit = 1UL << (__fls(x) & ~1UL); bit; bit >>= 2) {
		unsigned long trial = root + bit;

		root >>= 1;
		if (x >= trial) {
			x -= trial;
			root += bit;
		}
	}
	return root;
}
