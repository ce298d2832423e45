/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * `clump-mfs`: /mfs/N is mounted when a program first looks there (autofs; linux/auto_fs.h).
 *
 * Arguments: target=FOLDER port=N. It writes "missing TOKEN NAME" when a program waits for a folder, and reads how that
 * ends: "view TOKEN NAME ADDRESS", "own TOKEN NAME" for this node itself, or "fail TOKEN NAME"; and "forget NAME" when
 * a node is dead. It ends with its standard input, and /mfs with it; who is in a folder of it stays there.
 */
#include "files.h"
#include "../deputy/programs.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/auto_fs.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <unistd.h>

struct mfs {
	const char *target, *port;
	int packets, control;
};

static const char *target_of_mfs;

static void end_mfs(int number)
{
	(void)number;
	umount2(target_of_mfs, MNT_DETACH);
	_exit(0);
}

static bool mount_autofs(struct mfs *mfs)
{
	char options[80], path[PATH_MAX];
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0)
		return false;
	snprintf(options, sizeof options, "fd=%d,pgrp=%d,minproto=5,maxproto=5,indirect", ends[1], getpgrp());
	if (mount("clump", mfs->target, "autofs", MS_NOSUID | MS_NODEV, options) < 0)
		return false;
	close(ends[1]);
	mfs->packets = ends[0];
	mfs->control = open(mfs->target, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	/* As MOSIX had them; a program that is at home is on its own node. */
	for (int index = 0; index < 2; index++) {
		snprintf(path, sizeof path, "%s/%s", mfs->target, index ? "here" : "home");
		if (symlink("/", path) < 0)
			return false;
	}
	return mfs->control >= 0;
}

/* The programs of a group with the daemon's see the folder as it is: whoever mounts there must be of it. */
static bool run_view_program(const struct mfs *mfs, const char *folder, const char *address)
{
	char connect[128], port[32], target[PATH_MAX + 16], word[16];
	int ends[2];

	snprintf(connect, sizeof connect, "connect=%s", address);
	snprintf(port, sizeof port, "port=%s", mfs->port);
	snprintf(target, sizeof target, "target=%s", folder);
	if (pipe2(ends, O_CLOEXEC) < 0)
		return false;
	if (fork() == 0) {
		char *arguments[] = { "clump-view", connect, port, target, "kind=mfs", NULL };

		dup2(ends[1], 1);
		execv("/proc/self/exe", arguments);
		_exit(127);
	}
	close(ends[1]);
	return read(ends[0], word, sizeof word) > 0;
}

static void answer(const struct mfs *mfs, const char *verb, unsigned long token, const char *folder,
		   const char *address)
{
	if (fork() != 0)
		return;
	signal(SIGTERM, SIG_DFL);
	mkdir(folder, 0555);
	bool is_mounted = strcmp(verb, "view") == 0 ? run_view_program(mfs, folder, address) :
			  strcmp(verb, "own") == 0 && mount("/", folder, NULL, MS_BIND, NULL) == 0;
	if (!is_mounted)
		rmdir(folder);
	ioctl(mfs->control, is_mounted ? AUTOFS_IOC_READY : AUTOFS_IOC_FAIL, token);
	_exit(0);
}

static bool is_plain(const char *name)
{
	return *name != 0 && *name != '.' && strchr(name, '/') == NULL;
}

static void take_line(const struct mfs *mfs, const char *line)
{
	char verb[16] = "", name[128] = "", address[64] = "", folder[PATH_MAX];
	unsigned long token = 0;

	if (sscanf(line, "forget %127s", name) == 1 && is_plain(name)) {
		snprintf(folder, sizeof folder, "%s/%s", mfs->target, name);
		umount2(folder, MNT_FORCE | MNT_DETACH);
		rmdir(folder);
	} else if (sscanf(line, "%15s %lu %127s %63s", verb, &token, name, address) >= 3 && is_plain(name)) {
		snprintf(folder, sizeof folder, "%s/%s", mfs->target, name);
		answer(mfs, verb, token, folder, address);
	}
}

static void take_packet(const struct mfs *mfs)
{
	union autofs_v5_packet_union packet;

	if (!read_all(mfs->packets, &packet, sizeof packet))
		end_mfs(0);
	const autofs_packet_missing_indirect_t *missing = &packet.missing_indirect;
	if (packet.hdr.type != autofs_ptype_missing_indirect)
		return;
	/* Names of nodes have no blanks. */
	if (missing->len > 100 || strpbrk(missing->name, " \n") != NULL) {
		ioctl(mfs->control, AUTOFS_IOC_FAIL, missing->wait_queue_token);
		return;
	}
	printf("missing %u %s\n", missing->wait_queue_token, missing->name);
	fflush(stdout);
}

int run_mfs(int argc, char **argv)
{
	struct mfs mfs = { .target = "/mfs", .port = "5431" };
	char line[GREETING_MOST];

	for (int index = 1; index < argc; index++) {
		if (strncmp(argv[index], "target=", 7) == 0) {
			mfs.target = argv[index] + 7;
		} else if (strncmp(argv[index], "port=", 5) == 0) {
			mfs.port = argv[index] + 5;
		} else {
			fprintf(stderr, "Cannot read %s: target=FOLDER or port=N was wanted\n", argv[index]);
			return 64;
		}
	}
	setsid();
	signal(SIGCHLD, SIG_IGN);
	target_of_mfs = mfs.target;
	if (!mount_autofs(&mfs)) {
		fprintf(stderr, "Cannot mount %s: %s\n", mfs.target, strerror(errno));
		return 1;
	}
	signal(SIGTERM, end_mfs);
	puts("mounted");
	fflush(stdout);
	for (;;) {
		struct pollfd polled[2] = { { 0, POLLIN, 0 }, { mfs.packets, POLLIN, 0 } };

		if (poll(polled, 2, -1) < 0)
			continue;
		if (polled[0].revents && !read_line(0, line))
			end_mfs(0);
		if (polled[0].revents)
			take_line(&mfs, line);
		if (polled[1].revents)
			take_packet(&mfs);
	}
}
