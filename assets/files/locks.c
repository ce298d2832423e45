/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Locks of files are home's own: those of the others' programs and those of home's programs exclude each other. A POSIX
 * lock belongs to a process and a file, so each such owner gets a descriptor of its own for its locks (F_OFD_SETLK).
 */
#include "files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

struct lock_owner {
	uint64_t owner;
	int fd;
	struct lock_owner *next;
};

/* A request that waits until somebody else unlocks. */
struct waiting {
	struct fuse_in_header head;
	struct fuse_lk_in in;
	struct waiting *next;
};

static struct waiting *waiting;

static struct lock_owner *owner_of(struct node *node, const struct fuse_lk_in *in)
{
	struct lock_owner *found = node->owners;
	int handle = handle_at(in->fh);

	while (found != NULL && found->owner != in->owner)
		found = found->next;
	if (found != NULL || handle < 0)
		return found;
	/* The owner has the file open: the handle, and no number of a node, shows that. */
	take_root();
	int fd = open(path_of(handle), O_RDWR | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		fd = open(path_of(handle), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	found = fd < 0 ? NULL : malloc(sizeof *found);
	if (found == NULL)
		return NULL;
	*found = (struct lock_owner){ in->owner, fd, node->owners };
	return node->owners = found;
}

void release_owner(struct node *node, uint64_t owner)
{
	for (struct lock_owner **link = &node->owners; *link != NULL; link = &(*link)->next)
		if ((*link)->owner == owner) {
			struct lock_owner *released = *link;

			*link = released->next;
			close(released->fd);
			free(released);
			return;
		}
}

void release_all_owners(struct node *node)
{
	while (node->owners != NULL)
		release_owner(node, node->owners->owner);
}

static struct flock to_flock(const struct fuse_file_lock *lock)
{
	bool is_open_ended = lock->end >= (uint64_t)INT64_MAX;

	return (struct flock){ .l_type = lock->type, .l_whence = SEEK_SET, .l_start = lock->start,
			       .l_len = is_open_ended ? 0 : (off_t)(lock->end - lock->start + 1) };
}

static int lock_whole(const struct fuse_lk_in *in)
{
	int fd = handle_at(in->fh);
	int kind = in->lk.type == F_UNLCK ? LOCK_UN : in->lk.type == F_RDLCK ? LOCK_SH : LOCK_EX;

	if (fd < 0)
		return -EBADF;
	return flock(fd, kind | LOCK_NB) < 0 ? -errno : 0;
}

static int lock(struct node *node, const struct fuse_lk_in *in)
{
	if (node->is_hidden || node->type != S_IFREG)
		return -EACCES;
	if (in->lk_flags & FUSE_LK_FLOCK)
		return lock_whole(in);
	struct flock range = to_flock(&in->lk);
	struct lock_owner *owner = owner_of(node, in);
	if (owner == NULL)
		return -ENOLCK;
	return fcntl(owner->fd, F_OFD_SETLK, &range) < 0 ? -errno : 0;
}

static bool must_wait(int result)
{
	return result == -EAGAIN || result == -EACCES || result == -EWOULDBLOCK;
}

int do_getlk(const struct request *request, struct reply *reply)
{
	const struct fuse_lk_in *in = request->in;
	struct fuse_lk_out *out = (struct fuse_lk_out *)reply->data;
	struct flock range = to_flock(&in->lk);
	struct lock_owner *owner = request->node->is_hidden ? NULL : owner_of(request->node, in);

	if (owner == NULL)
		return -ENOLCK;
	if (fcntl(owner->fd, F_OFD_GETLK, &range) < 0)
		return -errno;
	*out = (struct fuse_lk_out){ .lk = { .start = range.l_start, .type = range.l_type,
					     .end = range.l_len ? range.l_start + range.l_len - 1 : INT64_MAX,
					     .pid = range.l_pid > 0 ? range.l_pid : 0 } };
	reply->length = sizeof *out;
	return 0;
}

int do_setlk(const struct request *request, struct reply *reply)
{
	(void)reply;
	int result = lock(request->node, request->in);
	return must_wait(result) ? -EAGAIN : result;
}

int do_setlkw(const struct request *request, struct reply *reply)
{
	int result = do_setlk(request, reply);

	if (result != -EAGAIN)
		return result;
	struct waiting *added = malloc(sizeof *added);
	if (added == NULL)
		return -ENOLCK;
	*added = (struct waiting){ request->head, *(const struct fuse_lk_in *)request->in, waiting };
	waiting = added;
	return NO_REPLY;
}

bool awaits_locks(void)
{
	return waiting != NULL;
}

static void answer(struct waiting **link, int result, void (*send)(uint64_t unique, int error))
{
	struct waiting *answered = *link;

	*link = answered->next;
	send(answered->head.unique, result);
	free(answered);
}

static void (*send_answer)(uint64_t unique, int error);

void retry_locks(void (*send)(uint64_t unique, int error))
{
	send_answer = send;
	for (struct waiting **link = &waiting; *link != NULL;) {
		struct node *node = find_node((*link)->head.nodeid);

		int result = node == NULL ? -ESTALE : lock(node, &(*link)->in);
		if (must_wait(result))
			link = &(*link)->next;
		else
			answer(link, result, send);
	}
}

int do_interrupt(const struct request *request, struct reply *reply)
{
	uint64_t unique = ((const struct fuse_interrupt_in *)request->in)->unique;

	(void)reply;
	for (struct waiting **link = &waiting; *link != NULL; link = &(*link)->next)
		if ((*link)->head.unique == unique) {
			answer(link, -EINTR, send_answer);
			break;
		}
	return NO_REPLY;
}
