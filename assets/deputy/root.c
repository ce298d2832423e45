/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What a guest sees as /: the tree of its home, with a /proc of its own, a /dev of its own, and of this node only the
 * folders that its restoring needs. Nothing else of this node can be reached from there: its root is unmounted.
 */
#include "guest.h"

#include <errno.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

/* The state of a node, which a home hides: an empty one stands in its place. */
static const char STATE[] = "/run/clump";

/* Where criu(8) keeps what it has found out of the kernel, the layout of its vDSO for one: that of home, in home's tree. */
static const char FACTS_OF_KERNEL[] = "/run/criu.kdat";

static const struct { const char *name; int major, minor; } DEVICES[] = {
	{ "null", 1, 3 }, { "zero", 1, 5 }, { "full", 1, 7 }, { "random", 1, 8 }, { "urandom", 1, 9 }, { "tty", 5, 0 },
};

static const struct { const char *to, *name; } LINKS[] = {
	{ "pts/ptmx", "ptmx" }, { "/proc/self/fd", "fd" }, { "/proc/self/fd/0", "stdin" },
	{ "/proc/self/fd/1", "stdout" }, { "/proc/self/fd/2", "stderr" },
};

/* Files in /proc by which root changes or ends the node. A kernel need not have all of them. */
static const char *const OF_NODE[] = {
	"sys", "sysrq-trigger", "acpi", "bus", "driver", "dynamic_debug", "fs", "irq", "mtrr", "scsi",
};

bool has_own_root(const struct guest *guest)
{
	return strcmp(guest->root, "/") != 0;
}

/* The string is used before the next but one call. */
static const char *within(const char *root, const char *path)
{
	static char paths[2][PATH_MAX];
	static int turn;

	turn = !turn;
	snprintf(paths[turn], sizeof paths[turn], "%s%s", root, path);
	return paths[turn];
}

static bool bind_folder(const char *from, const char *to)
{
	return mount(from, to, NULL, MS_BIND | MS_REC, NULL) == 0;
}

/* Terminals of guests are none of this node's: they are numbered by themselves, and seen by nobody else. */
void own_terminals(const struct guest *guest)
{
	if (!has_own_root(guest))
		return;
	if (unshare(CLONE_NEWNS) < 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
	    mount("devpts", "/dev/pts", "devpts", MS_NOSUID | MS_NOEXEC, "mode=620,gid=5,ptmxmode=666") < 0)
		perror("Cannot make terminals for a guest");
}

/* It is made at `root`/proc, so that /dev/shm of home can be taken before it is covered. */
static bool make_devices(const char *root)
{
	char path[PATH_MAX];
	mode_t mask = umask(0);
	int failed = mount("tmpfs", within(root, "/proc"), "tmpfs", MS_NOSUID | MS_NOEXEC, "mode=755,size=64k");

	for (unsigned index = 0; index < sizeof DEVICES / sizeof *DEVICES; index++) {
		snprintf(path, sizeof path, "%s/proc/%s", root, DEVICES[index].name);
		failed |= mknod(path, S_IFCHR | 0666, makedev(DEVICES[index].major, DEVICES[index].minor));
	}
	for (unsigned index = 0; index < sizeof LINKS / sizeof *LINKS; index++) {
		snprintf(path, sizeof path, "%s/proc/%s", root, LINKS[index].name);
		failed |= symlink(LINKS[index].to, path);
	}
	failed |= mkdir(within(root, "/proc/pts"), 0755) | mkdir(within(root, "/proc/shm"), 01777);
	umask(mask);
	if (failed != 0 || !bind_folder("/dev/pts", within(root, "/proc/pts")))
		return false;
	/* A home without /dev/shm has none here either. */
	bind_folder(within(root, "/dev/shm"), within(root, "/proc/shm"));
	return mount(within(root, "/proc"), within(root, "/dev"), NULL, MS_MOVE, NULL) == 0;
}

static void make_folders(char *path, size_t from)
{
	for (char *at = path + from; (at = strchr(at + 1, '/')) != NULL;) {
		*at = 0;
		mkdir(path, 0755);
		*at = '/';
	}
	mkdir(path, 0755);
}

static bool bind_all(const struct guest *guest)
{
	char target[PATH_MAX];

	mount("tmpfs", within(guest->root, STATE), "tmpfs", MS_NOSUID | MS_NODEV, "mode=755,size=64k");
	for (int index = 0; index <= guest->bound_count; index++) {
		const char *path = index < guest->bound_count ? guest->bound[index] : guest->images;

		snprintf(target, sizeof target, "%s%s", guest->root, path);
		/* Elsewhere it would be made at home. */
		if (strncmp(path, STATE, sizeof STATE - 1) == 0)
			make_folders(target, strlen(guest->root) + sizeof STATE - 1);
		if (!bind_folder(path, target))
			return false;
	}
	return true;
}

/* A view has the node's own /usr in place of home's where both run the same image, and with it the same kernel. */
static bool runs_image_of_home(const char *root)
{
	struct stat here, there;

	return stat("/usr", &here) == 0 && stat(within(root, "/usr"), &there) == 0 && here.st_dev == there.st_dev &&
	       here.st_ino == there.st_ino;
}

/* An empty file is stale to criu, which then asks the kernel. A home without the file has none here either. */
static void hide_facts_of_kernel(const char *root)
{
	if (!runs_image_of_home(root))
		bind_folder("/dev/null", within(root, FACTS_OF_KERNEL));
}

static bool mount_processes(const char *root)
{
	return mount("proc", within(root, "/proc"), "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) == 0;
}

bool protect_node(void)
{
	unsigned long flags = MS_BIND | MS_REMOUNT | MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC;

	/* Each path from / would ask home, and the process stands still meanwhile. */
	if (chdir("/proc") < 0)
		return false;
	for (unsigned index = 0; index < sizeof OF_NODE / sizeof *OF_NODE; index++) {
		const char *path = OF_NODE[index];

		if (access(path, F_OK) < 0)
			continue;
		if (!bind_folder(path, path) || mount(NULL, path, NULL, flags, NULL) < 0)
			return false;
	}
	return true;
}

/* Gives the step that failed, with errno; 0 where none did. */
int enter_root(const struct guest *guest)
{
	if (has_own_root(guest)) {
		if (!make_devices(guest->root))
			return 8;
		if (!bind_all(guest))
			return 9;
		hide_facts_of_kernel(guest->root);
		/* What covers the kernel's command line of this node, which has the key of the cluster in it, stays. */
		if (!mount_processes(guest->root) ||
		    !bind_folder("/proc/cmdline", within(guest->root, "/proc/cmdline")))
			return 5;
		if (chdir(guest->root) < 0 || syscall(SYS_pivot_root, ".", ".") < 0 || umount2(".", MNT_DETACH) < 0 ||
		    chdir("/") < 0)
			return 4;
	} else if (!mount_processes("")) {
		return 5;
	}
	if (guest->hostname != NULL)
		sethostname(guest->hostname, strlen(guest->hostname));
	return 0;
}
