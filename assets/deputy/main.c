/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "programs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int own_descriptor(int fd)
{
	int own = fcntl(fd, F_DUPFD_CLOEXEC, FIRST_OWN);

	close(fd);
	return own;
}

static void mark(const char *folder, const char *name)
{
	char path[4096];

	snprintf(path, sizeof path, "%s/%s", folder, name);
	close(open(path, O_WRONLY | O_CREAT, 0600));
}

/* False where the namespace has given criu up, which was killed meanwhile. A node may have no room for the mark. */
static bool mark_passed(const char *folder)
{
	char path[4096];

	snprintf(path, sizeof path, "%s/" PASSED_MARK, folder);
	int file = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
	if (file < 0)
		return errno != EEXIST;
	if (write(file, "\n", 1) != 1)
		perror("Cannot mark a guest");
	close(file);
	return true;
}

/*
 * criu runs it at each stage. At the stage "post-restore" all is restored and nothing has run; at "pre-resume" criu has
 * each thread stopped as its tracer, at the place where it goes on: a tracer that dies lets it go.
 */
int run_gate(void)
{
	const char *stage = getenv("CRTOOLS_SCRIPT_ACTION"), *folder = getenv("CRTOOLS_IMAGE_DIR");
	char path[4096], word[8] = "";

	if (stage == NULL || folder == NULL)
		return 0;
	if (strcmp(stage, "pre-resume") == 0)
		return mark_passed(folder) ? 0 : 1;
	if (strcmp(stage, "post-restore") != 0)
		return 0;
	/* Not before: criu sets the name of the host in /proc/sys. */
	if (getenv(LIMITED) != NULL && !protect_node())
		return 1;
	mark(folder, GATE_MARK);
	snprintf(path, sizeof path, "%s/ready", folder);
	/* Without a reader the daemon that wanted the copy is gone, and has not said yet that the copy is whole. */
	int ready = open(path, O_WRONLY | O_NONBLOCK);
	if (ready < 0 || write(ready, "ready\n", 6) != 6)
		return 1;
	close(ready);
	snprintf(path, sizeof path, "%s/go", folder);
	/* Both ways: a daemon that dies ends nothing, and the next one says the word. */
	int go = open(path, O_RDWR);
	if (go < 0 || read(go, word, sizeof word - 1) < 2)
		return 1;
	return strncmp(word, "go", 2) == 0 ? 0 : 1;
}

int main(int argc, char **argv)
{
	const char *name = strrchr(argv[0], '/');

	/* A deputy keeps the arguments of the process that it stands for: it is told by its environment. */
	if (getenv("CLUMP_FDS") != NULL)
		return run_deputy(argv);
	name = name ? name + 1 : argv[0];
	if (strcmp(name, "clump-gate") == 0)
		return run_gate();
	if (strcmp(name, "clump-guest") == 0)
		return run_guest(argc, argv);
	if (strcmp(name, "clump-pty") == 0)
		return run_pty(argc, argv);
	if (strcmp(name, "clump-files") == 0)
		return run_files(argc, argv);
	if (strcmp(name, "clump-view") == 0)
		return run_view(argc, argv);
	if (strcmp(name, "clump-wake") == 0)
		return run_wake(argc, argv);
	fprintf(stderr, "Cannot run as %s: clump-guest, clump-gate, clump-pty, clump-files, clump-view, clump-wake or a "
		"deputy's environment was wanted\n", name);
	return 64;
}
