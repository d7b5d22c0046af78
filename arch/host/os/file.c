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

void *host_file_create(const char *path, int *err)
{
	FILE *f = fopen(path, "we");

	*err = f ? 0 : -errno;
	return f;
}

void host_file_write(void *file, const char *s, size_t n)
{
	/* Remembered in the FILE. */
	(void)fwrite(s, 1, n, file);
}

int host_file_close(void *file)
{
	bool bad = ferror(file);

	if (fclose(file))
		return -errno;
	return bad ? -EIO : 0;
}
