/* SPDX-License-Identifier: MIT */
/* Files, for arch/host. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "host_os.h"

#define CHUNK	65536	/* bytes asked for at once; files of /proc have size 0 */

static int read_all(FILE *f, size_t max, char **data, size_t *size)
{
	size_t have = 0, room = 0, n;
	char *buf = NULL, *more;

	do {
		if (have + CHUNK + 1 > room) {
			room = 2 * room + CHUNK + 1;
			more = realloc(buf, room);
			if (!more) {
				free(buf);
				return -ENOMEM;
			}
			buf = more;
		}
		n = fread(buf + have, 1, CHUNK, f);
		have += n;
	} while (n && have <= max);
	if (ferror(f) || have > max) {
		free(buf);
		return have > max ? -EFBIG : -EIO;
	}
	buf[have] = '\0';
	*data = buf;
	*size = have;
	return 0;
}

int host_read_file(const char *path, size_t max, char **data, size_t *size)
{
	struct stat st;
	FILE *f;
	int err;

	f = fopen(path, "re");
	if (!f)
		return -errno;
	if (!fstat(fileno(f), &st) && S_ISDIR(st.st_mode))
		err = -EISDIR;
	else
		err = read_all(f, max, data, size);
	fclose(f);
	return err;
}
