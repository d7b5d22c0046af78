// SPDX-License-Identifier: MIT
/* The names of errors, for messages. */
#include <linux/errname.h>

#include <linux/array_size.h>
#include <linux/errno.h>

#define NAME(e)	[e] = "-" #e

static const char *const names[] = {
	NAME(EPERM),
	NAME(ENOENT),
	NAME(ESRCH),
	NAME(EINTR),
	NAME(EIO),
	NAME(ENXIO),
	NAME(E2BIG),
	NAME(ENOEXEC),
	NAME(EBADF),
	NAME(ECHILD),
	NAME(EAGAIN),
	NAME(ENOMEM),
	NAME(EACCES),
	NAME(EFAULT),
	NAME(ENOTBLK),
	NAME(EBUSY),
	NAME(EEXIST),
	NAME(EXDEV),
	NAME(ENODEV),
	NAME(ENOTDIR),
	NAME(EISDIR),
	NAME(EINVAL),
	NAME(ENFILE),
	NAME(EMFILE),
	NAME(ENOTTY),
	NAME(ETXTBSY),
	NAME(EFBIG),
	NAME(ENOSPC),
	NAME(ESPIPE),
	NAME(EROFS),
	NAME(EMLINK),
	NAME(EPIPE),
	NAME(EDOM),
	NAME(ERANGE),
	NAME(EDEADLK),
	NAME(ENAMETOOLONG),
	NAME(ENOLCK),
	NAME(ENOSYS),
	NAME(ENOTEMPTY),
	NAME(ELOOP),
	NAME(ENOMSG),
	NAME(ENODATA),
	NAME(ETIME),
	NAME(EPROTO),
	NAME(EBADMSG),
	NAME(EOVERFLOW),
	NAME(EILSEQ),
	NAME(EUSERS),
	NAME(ENOTSOCK),
	NAME(EMSGSIZE),
	NAME(EOPNOTSUPP),
	NAME(EADDRINUSE),
	NAME(EADDRNOTAVAIL),
	NAME(ENOBUFS),
	NAME(ETIMEDOUT),
	NAME(ECONNREFUSED),
	NAME(EALREADY),
	NAME(EINPROGRESS),
	NAME(ESTALE),
	NAME(ECANCELED),
	NAME(ENOTSUPP),
};

const char *errname(int err)
{
	bool negative = err < 0;
	const char *name;

	if (negative)
		err = -err;
	name = err < (int)ARRAY_SIZE(names) ? names[err] : NULL;
	return name && !negative ? name + 1 : name;
}
