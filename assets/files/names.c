/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What is done with names and attributes of files.
 */
#include "files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

static int failed(void)
{
	return -errno;
}

/* Answers with what that name is now. */
static int enter_name(const struct request *request, struct reply *reply)
{
	int fd = openat(request->node->fd, request->name, O_PATH | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0)
		return failed();
	reply->length = sizeof(struct fuse_entry_out);
	return enter_node(fd, request->node, request->name, (struct fuse_entry_out *)reply->data);
}

int do_lookup(const struct request *request, struct reply *reply)
{
	return enter_name(request, reply);
}

static int answer_attributes(const struct request *request, struct reply *reply, int fd)
{
	struct fuse_attr_out *out = (struct fuse_attr_out *)reply->data;
	struct stat stat;

	if (fstat(fd, &stat) < 0)
		return failed();
	*out = (struct fuse_attr_out){ .attr_valid = request->node->valid_seconds };
	fill_attributes(&stat, &out->attr);
	reply->length = sizeof *out;
	return 0;
}

int do_getattr(const struct request *request, struct reply *reply)
{
	return answer_attributes(request, reply, request->node->fd);
}

static int set_size(const struct request *request, const struct fuse_setattr_in *in)
{
	int fd = in->valid & FATTR_FH ? handle_at(in->fh) : -1;

	if (request->node->is_hidden)
		return -EACCES;
	int result = fd >= 0 ? ftruncate(fd, in->size) : truncate(path_of(request->node->fd), in->size);
	return result < 0 ? failed() : 0;
}

static int set_times(int fd, const struct fuse_setattr_in *in)
{
	struct timespec times[2] = { { .tv_nsec = UTIME_OMIT }, { .tv_nsec = UTIME_OMIT } };

	if (in->valid & FATTR_ATIME)
		times[0] = (struct timespec){ in->atime, in->valid & FATTR_ATIME_NOW ? UTIME_NOW : in->atimensec };
	if (in->valid & FATTR_MTIME)
		times[1] = (struct timespec){ in->mtime, in->valid & FATTR_MTIME_NOW ? UTIME_NOW : in->mtimensec };
	return syscall(SYS_utimensat, fd, "", times, AT_EMPTY_PATH) < 0 ? failed() : 0;
}

int do_setattr(const struct request *request, struct reply *reply)
{
	const struct fuse_setattr_in *in = request->in;
	int fd = request->node->fd, result = 0;

	if (in->valid & (FATTR_UID | FATTR_GID) &&
	    fchownat(fd, "", in->valid & FATTR_UID ? in->uid : (uid_t)-1, in->valid & FATTR_GID ? in->gid : (gid_t)-1,
		     AT_EMPTY_PATH) < 0)
		return failed();
	if (in->valid & FATTR_MODE && chmod(path_of(fd), in->mode & 07777) < 0)
		return failed();
	if (in->valid & FATTR_SIZE && (result = set_size(request, in)) < 0)
		return result;
	if (in->valid & (FATTR_ATIME | FATTR_MTIME) && (result = set_times(fd, in)) < 0)
		return result;
	return answer_attributes(request, reply, fd);
}

int do_readlink(const struct request *request, struct reply *reply)
{
	ssize_t length = readlinkat(request->node->fd, "", (char *)reply->data, 4095);

	if (length < 0)
		return failed();
	reply->length = length;
	return 0;
}

int do_symlink(const struct request *request, struct reply *reply)
{
	if (symlinkat(request->other, request->node->fd, request->name) < 0)
		return failed();
	return enter_name(request, reply);
}

int do_mknod(const struct request *request, struct reply *reply)
{
	const struct fuse_mknod_in *in = request->in;
	dev_t device = (in->rdev & 0xfffff) | (dev_t)(in->rdev & 0xfff00000) << 12;

	if (mknodat(request->node->fd, request->name, in->mode, device) < 0)
		return failed();
	return enter_name(request, reply);
}

int do_mkdir(const struct request *request, struct reply *reply)
{
	const struct fuse_mkdir_in *in = request->in;

	if (mkdirat(request->node->fd, request->name, in->mode) < 0)
		return failed();
	return enter_name(request, reply);
}

int do_unlink(const struct request *request, struct reply *reply)
{
	(void)reply;
	return unlinkat(request->node->fd, request->name, 0) < 0 ? failed() : 0;
}

int do_rmdir(const struct request *request, struct reply *reply)
{
	(void)reply;
	return unlinkat(request->node->fd, request->name, AT_REMOVEDIR) < 0 ? failed() : 0;
}

static int rename_to(const struct request *request, uint64_t folder, unsigned flags)
{
	struct node *to = find_node(folder);

	if (to == NULL)
		return -ESTALE;
	if (to->is_hidden)
		return -EACCES;
	return syscall(SYS_renameat2, request->node->fd, request->name, to->fd, request->other, flags) < 0 ? failed() : 0;
}

int do_rename(const struct request *request, struct reply *reply)
{
	(void)reply;
	return rename_to(request, ((const struct fuse_rename_in *)request->in)->newdir, 0);
}

int do_rename2(const struct request *request, struct reply *reply)
{
	const struct fuse_rename2_in *in = request->in;

	(void)reply;
	return rename_to(request, in->newdir, in->flags);
}

int do_link(const struct request *request, struct reply *reply)
{
	struct node *from = find_node(((const struct fuse_link_in *)request->in)->oldnodeid);

	if (from == NULL)
		return -ESTALE;
	if (from->is_hidden)
		return -EACCES;
	if (linkat(AT_FDCWD, path_of(from->fd), request->node->fd, request->name, AT_SYMLINK_FOLLOW) < 0)
		return failed();
	return enter_name(request, reply);
}

int do_access(const struct request *request, struct reply *reply)
{
	const struct fuse_access_in *in = request->in;

	(void)reply;
	/* AT_EACCESS: by the identity that was taken, and not by the one that the program runs with. */
	return syscall(SYS_faccessat2, request->node->fd, "", in->mask, AT_EACCESS | AT_EMPTY_PATH) < 0 ? failed() : 0;
}

int do_statfs(const struct request *request, struct reply *reply)
{
	struct fuse_statfs_out *out = (struct fuse_statfs_out *)reply->data;
	struct statvfs of;

	if (fstatvfs(request->node->fd, &of) < 0)
		return failed();
	*out = (struct fuse_statfs_out){ .st = {
		.blocks = of.f_blocks, .bfree = of.f_bfree, .bavail = of.f_bavail, .files = of.f_files,
		.ffree = of.f_ffree, .bsize = of.f_bsize, .namelen = of.f_namemax, .frsize = of.f_frsize,
	} };
	reply->length = sizeof *out;
	return 0;
}
