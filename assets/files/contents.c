/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What is done with open files and folders. The handle of an open file is the number of its descriptor.
 */
#include "files.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { MOST_HANDLES = 1 << 20 };

/* Which descriptors are handles: others of this program are not for another kernel to name. */
static unsigned char handles[MOST_HANDLES / 8];

struct listed {				/* getdents64(2) */
	uint64_t ino;
	int64_t offset;
	unsigned short length;
	unsigned char type;
	char name[];
};

static void mark(int fd, bool is_handle)
{
	if (is_handle)
		handles[fd / 8] |= 1 << fd % 8;
	else
		handles[fd / 8] &= ~(1 << fd % 8);
}

int handle_at(uint64_t handle)
{
	return handle < MOST_HANDLES && handles[handle / 8] & 1 << handle % 8 ? (int)handle : -1;
}

static void answer_open(const struct node *node, int fd, unsigned flags, struct fuse_open_out *out)
{
	*out = (struct fuse_open_out){ .fh = fd };
	/* Who only writes needs no pages here: each write is done at home before the call returns. */
	if ((flags & O_ACCMODE) == O_WRONLY)
		out->open_flags = FOPEN_DIRECT_IO;
	else if (node != NULL && node->valid_seconds > 0)
		out->open_flags = FOPEN_KEEP_CACHE;
	mark(fd, true);
}

static int open_node(const struct request *request, struct reply *reply, unsigned flags, mode_t type)
{
	if (request->node->type != type || (request->node->is_hidden && type != S_IFDIR))
		return -EACCES;
	int fd = open(path_of(request->node->fd), flags | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return -errno;
	answer_open(request->node, fd, flags, (struct fuse_open_out *)reply->data);
	reply->length = sizeof(struct fuse_open_out);
	return 0;
}

int do_open(const struct request *request, struct reply *reply)
{
	const struct fuse_open_in *in = request->in;

	return open_node(request, reply, in->flags & (O_ACCMODE | O_APPEND | O_TRUNC | O_SYNC | O_DSYNC), S_IFREG);
}

int do_opendir(const struct request *request, struct reply *reply)
{
	int result = open_node(request, reply, O_RDONLY | O_DIRECTORY, S_IFDIR);

	((struct fuse_open_out *)reply->data)->open_flags = 0;
	return result;
}

int do_create(const struct request *request, struct reply *reply)
{
	const struct fuse_create_in *in = request->in;
	struct fuse_entry_out *entry = (struct fuse_entry_out *)reply->data;
	unsigned flags = in->flags & (O_ACCMODE | O_APPEND | O_TRUNC | O_SYNC | O_DSYNC | O_EXCL);
	int fd = openat(request->node->fd, request->name, flags | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC,
			in->mode & 07777);
	struct stat stat;

	if (fd < 0)
		return -errno;
	int path = open(path_of(fd), O_PATH | O_CLOEXEC);
	if (path < 0 || fstat(fd, &stat) < 0 || !S_ISREG(stat.st_mode)) {
		if (path >= 0)
			close(path);
		close(fd);
		return -EACCES;
	}
	int result = enter_node(path, NULL, NULL, entry);
	if (result < 0) {
		close(fd);
		return result;
	}
	answer_open(NULL, fd, flags, (struct fuse_open_out *)(entry + 1));
	reply->length = sizeof *entry + sizeof(struct fuse_open_out);
	return 0;
}

int do_read(const struct request *request, struct reply *reply)
{
	const struct fuse_read_in *in = request->in;
	int fd = handle_at(in->fh);

	if (fd < 0 || in->size > MOST_DATA)
		return -EBADF;
	while (reply->length < in->size) {
		ssize_t count = pread(fd, reply->data + reply->length, in->size - reply->length,
				      in->offset + reply->length);

		if (count < 0 && reply->length == 0)
			return -errno;
		if (count <= 0)
			break;
		reply->length += count;
	}
	return 0;
}

/*
 * Pages of a mapping are written by any handle of the file: one that appends would put them at its end. The new descriptor
 * is for the file of the handle, which was opened for writing, and for no other.
 */
static int open_for_pages(const struct fuse_write_in *in, int handle)
{
	int flags = fcntl(handle, F_GETFL);

	if (!(in->write_flags & FUSE_WRITE_CACHE) || !(flags & O_APPEND) || (flags & O_ACCMODE) == O_RDONLY)
		return handle;
	take_root();
	return open(path_of(handle), O_WRONLY | O_CLOEXEC);
}

int do_write(const struct request *request, struct reply *reply)
{
	const struct fuse_write_in *in = request->in;
	int handle = handle_at(in->fh), result = 0;
	size_t done = 0;

	if (handle < 0 || in->size > request->rest_length)
		return -EBADF;
	int fd = open_for_pages(in, handle);
	while (done < in->size && result == 0) {
		ssize_t count = pwrite(fd, request->rest + done, in->size - done, in->offset + done);

		if (count < 0)
			result = -errno;
		else
			done += count;
	}
	if (fd != handle)
		close(fd);
	if (done == 0 && result < 0)
		return result;
	*(struct fuse_write_out *)reply->data = (struct fuse_write_out){ .size = done };
	reply->length = sizeof(struct fuse_write_out);
	return 0;
}

int do_release(const struct request *request, struct reply *reply)
{
	int fd = handle_at(((const struct fuse_release_in *)request->in)->fh);

	(void)reply;
	if (fd < 0)
		return -EBADF;
	mark(fd, false);
	close(fd);
	return 0;
}

int do_flush(const struct request *request, struct reply *reply)
{
	(void)reply;
	release_owner(request->node, ((const struct fuse_flush_in *)request->in)->lock_owner);
	return 0;
}

int do_fsync(const struct request *request, struct reply *reply)
{
	const struct fuse_fsync_in *in = request->in;
	int fd = handle_at(in->fh);

	(void)reply;
	if (fd < 0)
		return -EBADF;
	return (in->fsync_flags & FUSE_FSYNC_FDATASYNC ? fdatasync(fd) : fsync(fd)) < 0 ? -errno : 0;
}

int do_readdir(const struct request *request, struct reply *reply)
{
	const struct fuse_read_in *in = request->in;
	static char listing[1 << 15];
	int fd = handle_at(in->fh);

	if (fd < 0)
		return -EBADF;
	if (request->node->is_hidden)
		return 0;
	size_t most = in->size < MOST_DATA ? in->size : MOST_DATA;
	size_t wanted = most < sizeof listing ? most : sizeof listing;
	if (lseek(fd, in->offset, SEEK_SET) < 0)
		return -errno;
	long bytes = syscall(SYS_getdents64, fd, listing, wanted);
	if (bytes < 0)
		return -errno;
	for (long at = 0; at < bytes;) {
		const struct listed *listed = (const struct listed *)(listing + at);
		size_t name = strlen(listed->name), length = FUSE_DIRENT_ALIGN(FUSE_NAME_OFFSET + name);
		struct fuse_dirent *entry = (struct fuse_dirent *)(reply->data + reply->length);

		/* The next call goes on from the last that had room. */
		if (reply->length + length > most)
			break;
		memset(entry, 0, length);
		*entry = (struct fuse_dirent){ number_inode(request->node->dev, listed->ino), listed->offset, name,
					       listed->type };
		memcpy(entry->name, listed->name, name);
		reply->length += length;
		at += listed->length;
	}
	return 0;
}

int do_fallocate(const struct request *request, struct reply *reply)
{
	const struct fuse_fallocate_in *in = request->in;
	int fd = handle_at(in->fh);

	(void)reply;
	if (fd < 0)
		return -EBADF;
	return fallocate(fd, in->mode, in->offset, in->length) < 0 ? -errno : 0;
}

int do_lseek(const struct request *request, struct reply *reply)
{
	const struct fuse_lseek_in *in = request->in;
	int fd = handle_at(in->fh);

	if (fd < 0)
		return -EBADF;
	off_t offset = lseek(fd, in->offset, in->whence);
	if (offset < 0)
		return -errno;
	*(struct fuse_lseek_out *)reply->data = (struct fuse_lseek_out){ .offset = offset };
	reply->length = sizeof(struct fuse_lseek_out);
	return 0;
}
