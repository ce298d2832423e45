/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Inserts the files of a module and of all that the module depends on, in the order of the arguments: insert MODULE
 * FILE... kmod's modprobe(8) does the same with libraries for packed modules and signatures, which take longer to load
 * than most drivers. What goes wrong here is done again by modprobe, which has the words for it.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* A module that is in is not read again; one that another process is inserting is waited for by finit_module(2). */
static bool is_in(const char *file)
{
	const char *slash = strrchr(file, '/'), *name = slash ? slash + 1 : file;
	char path[256], state[4] = "";

	snprintf(path, sizeof path, "/sys/module/%.*s/initstate", (int)strcspn(name, "."), name);
	for (char *at = path + strlen("/sys/module/"); *at && *at != '/'; at++)
		if (*at == '-')
			*at = '_';
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	ssize_t length = read(fd, state, sizeof state);
	close(fd);
	return length == sizeof state && memcmp(state, "live", sizeof state) == 0;
}

static bool insert(const char *file)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	bool done = syscall(SYS_finit_module, fd, "", 0) == 0 || errno == EEXIST;
	close(fd);
	return done;
}

int main(int argc, char **argv)
{
	if (argc < 3) {
		fputs("Cannot insert a module: MODULE FILE... was wanted\n", stderr);
		return 1;
	}
	for (int index = 2; index < argc; index++)
		if (!is_in(argv[index]) && !insert(argv[index])) {
			execl("/usr/sbin/modprobe", "modprobe", "--use-blacklist", argv[1], NULL);
			perror("Cannot run modprobe");
			return 1;
		}
	return 0;
}
