/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The files of one node, seen from others. Kernels speak the protocol of FUSE (linux/fuse.h) with a file system of
 * user space: `clump-view` carries its messages unchanged from /dev/fuse over TCP, and `clump-files` answers them on
 * the node whose files they are, with the rights of the user who asks. Both sides are x86-64, so integers keep their
 * order. Before the messages each side sends one line: "clump-files 1 KIND", answered by "ok" or by why not.
 */
#ifndef CLUMP_FILES_H
#define CLUMP_FILES_H

#include <linux/fuse.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <sys/types.h>

enum {
	MOST_DATA = 1 << 18,		/* bytes of one read or write */
	MOST_MESSAGE = MOST_DATA + (1 << 13),
	GREETING_MOST = 256,
};

/* What a node number of the protocol stands for: a file that stays the same however it is renamed. */
struct node {
	int fd;				/* opened with O_PATH */
	dev_t dev;
	ino_t ino;
	mode_t type;			/* S_IFMT */
	uint64_t lookups, generation;
	uint64_t next;			/* in its bucket, or of the free ones; 0 ends */
	bool is_hidden;			/* shown as an empty folder, or as a file that nobody may open */
	unsigned valid_seconds;		/* how long the other kernel may take what it knows of the file for true */
	struct lock_owner *owners;
};

/* One message. */
struct request {
	struct fuse_in_header head;
	struct node *node;
	const void *in;			/* the fixed part of the operation */
	const char *name, *other;	/* the names behind it */
	const unsigned char *rest;	/* what is behind the fixed part */
	size_t rest_length;
};

struct reply {
	struct fuse_out_header head;
	unsigned char data[MOST_MESSAGE];
	size_t length;			/* of data */
};

/* In place of an errno: the operation is answered later, or never. */
enum { NO_REPLY = 1 };

typedef int operation(const struct request *request, struct reply *reply);

/* nodes.c */
void start_nodes(const char *root, char **hidden, int count);
struct node *find_node(uint64_t number);
/*
 * Adds one reference, and answers with number and attributes. Takes the descriptor. A file without a parent is new. Gives 0
 * or a negative errno.
 */
int enter_node(int fd, const struct node *parent, const char *name, struct fuse_entry_out *entry);
void forget_node(uint64_t number, uint64_t lookups);
void fill_attributes(const struct stat *stat, struct fuse_attr *attributes);
uint64_t number_inode(dev_t dev, ino_t ino);
/* "/proc/self/fd/N": opens the very file again, whatever it is called now. The string is used before the next call. */
const char *path_of(int fd);

/* names.c */
operation do_lookup, do_getattr, do_setattr, do_readlink, do_symlink, do_mknod, do_mkdir, do_unlink, do_rmdir;
operation do_rename, do_rename2, do_link, do_access, do_statfs;
/* contents.c */
operation do_open, do_create, do_read, do_write, do_release, do_flush, do_fsync, do_readdir, do_opendir;
operation do_fallocate, do_lseek;
/* The descriptor behind a file handle; -1 where there is none. */
int handle_at(uint64_t handle);
/* locks.c */
operation do_getlk, do_setlk, do_setlkw, do_interrupt;
/* POSIX: closing any descriptor of a file gives up all locks of that owner on it. */
void release_owner(struct node *node, uint64_t owner);
void release_all_owners(struct node *node);
bool awaits_locks(void);
/* Tries those again that wait; answers them by `send`. */
void retry_locks(void (*send)(uint64_t unique, int error));
/* identity.c */
/*
 * Serves no user but those whose uids `path` lists, one a line; whoever changes the users puts another file there. Uid 0 gets
 * the rights that any of them has, since criu(8) opens their files as root, and every other uid those of nobody. With
 * `is_for_all` only uid 0 becomes nobody. A group that is none of the user's becomes the user's own.
 */
void limit_users(const char *path, bool is_for_all);
/* Takes the rights of that user in all that concerns files, and runs the operation. */
int run_as(uid_t uid, gid_t gid, operation *run, const struct request *request, struct reply *reply);
void take_root(void);
/* stream.c */
bool read_all(int fd, void *bytes, size_t length);
bool write_all(int fd, const void *bytes, size_t length);
/* A line without its end, into GREETING_MOST bytes. */
bool read_line(int fd, char *line);
/*
 * Seconds of silence, or of data that the other end does not acknowledge, that end a connection. Who looks at /mfs wants an
 * error soon. A guest must outlive a cable that is pulled for a while: the membership says when its home is dead.
 */
enum { MFS_SILENCE = 8, VIEW_SILENCE = 32 };
void watch_connection(int socket, int seconds);

#endif
