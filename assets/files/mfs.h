/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * /mfs/N is mounted when a program first looks there (autofs; linux/auto_fs.h). The daemon of moves knows the nodes: it
 * is asked "missing TOKEN NAME" when a program waits for a folder, and says how that ends: "view TOKEN NAME ADDRESS",
 * "own TOKEN NAME" for this node itself, or "fail TOKEN NAME"; and "forget NAME" when a node is dead.
 */
#ifndef CLUMP_MFS_H
#define CLUMP_MFS_H

#include <signal.h>
#include <stdbool.h>

enum { NAME_ROOM = 100 };

struct mfs {
	const char *target;		/* the folder, "/mfs" */
	const char *port;		/* TCP port of the servers of files */
	sigset_t signals;		/* the mask of the programs that it starts */
	int packets, control;		/* of the kernel's autofs; -1 without */
	int questions, answers;		/* to and from the daemon; -1 without */
};

/* In place of what a killed predecessor has left. False with errno where the kernel refuses. */
bool mount_mfs(struct mfs *mfs);
/* Programs in a folder of it stay there until they leave it. */
void unmount_mfs(const struct mfs *mfs);
/* Reads what the kernel asks. Gives the token of a question for the daemon with its name, in NAME_ROOM bytes; or 0. */
unsigned long take_packet(struct mfs *mfs, char *name);
void ask_daemon(const struct mfs *mfs, unsigned long token, const char *name);
/* Does what a line of the daemon says. */
void take_answer(const struct mfs *mfs, const char *line);

#endif
