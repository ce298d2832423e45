/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "files.h"
#include "mfs.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/auto_fs.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/statfs.h>
#include <unistd.h>

/* A program that was killed leaves a file system that nobody serves. */
static void unmount_left(const char *target)
{
	struct statfs found;

	while (statfs(target, &found) == 0 && found.f_type == AUTOFS_SUPER_MAGIC && umount2(target, MNT_DETACH) == 0)
		;
}

bool mount_mfs(struct mfs *mfs)
{
	char options[80], path[PATH_MAX];
	int ends[2];

	mfs->packets = mfs->control = -1;
	mkdir(mfs->target, 0755);
	unmount_left(mfs->target);
	if (pipe2(ends, O_CLOEXEC) < 0)
		return false;
	snprintf(options, sizeof options, "fd=%d,pgrp=%d,minproto=5,maxproto=5,indirect", ends[1], getpgrp());
	if (mount("clump", mfs->target, "autofs", MS_NOSUID | MS_NODEV, options) < 0) {
		close(ends[0]);
		close(ends[1]);
		return false;
	}
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

void unmount_mfs(const struct mfs *mfs)
{
	if (mfs->control >= 0)
		umount2(mfs->target, MNT_DETACH);
}

/* The programs of a group with this one's see the folder as it is: whoever mounts there must be of it. */
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
	sigprocmask(SIG_SETMASK, &mfs->signals, NULL);
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

void take_answer(const struct mfs *mfs, const char *line)
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

unsigned long take_packet(struct mfs *mfs, char *name)
{
	union autofs_v5_packet_union packet;
	const autofs_packet_missing_indirect_t *missing = &packet.missing_indirect;

	if (!read_all(mfs->packets, &packet, sizeof packet)) {
		/* It is unmounted. */
		close(mfs->packets);
		mfs->packets = -1;
		return 0;
	}
	if (packet.hdr.type != autofs_ptype_missing_indirect)
		return 0;
	/* A number or an address: for another name no daemon has to start. */
	if (missing->len < NAME_ROOM && missing->name[strspn(missing->name, "0123456789.")] == 0) {
		memcpy(name, missing->name, missing->len + 1);
		return missing->wait_queue_token;
	}
	ioctl(mfs->control, AUTOFS_IOC_FAIL, missing->wait_queue_token);
	return 0;
}

void ask_daemon(const struct mfs *mfs, unsigned long token, const char *name)
{
	if (dprintf(mfs->questions, "missing %lu %s\n", token, name) < 0)
		ioctl(mfs->control, AUTOFS_IOC_FAIL, token);
}
