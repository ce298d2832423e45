/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The files that the other kernel knows by number.
 */
#include "files.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

enum { BUCKETS = 1 << 14, MOST_HIDDEN = 16, MOST_DEVICES = 4096 };
/*
 * A squashfs never changes. Programs and libraries change when root installs packages; each name and attribute of them
 * that is asked for anew is a round trip, and the start of a program has hundreds.
 */
enum { CONSTANT_SECONDS = 3600, INSTALLED_SECONDS = 10, SETTLED_SECONDS = 2 };

static struct node **nodes;		/* by number - 1 */
static uint64_t node_count, node_room, first_free, generations;
static uint64_t buckets[BUCKETS];
static struct stat hidden[MOST_HIDDEN];
static int hidden_count;
static dev_t devices[MOST_DEVICES];
static unsigned device_count;

/* File systems that show the state of a kernel, not files: what they show is not for others. */
static const unsigned long SHOWN_BY_KERNEL[] = {
	PROC_SUPER_MAGIC, SYSFS_MAGIC, DEBUGFS_MAGIC, TRACEFS_MAGIC, SECURITYFS_MAGIC, CGROUP_SUPER_MAGIC,
	CGROUP2_SUPER_MAGIC, DEVPTS_SUPER_MAGIC, BPF_FS_MAGIC, PSTOREFS_MAGIC, EFIVARFS_MAGIC, BINFMTFS_MAGIC,
	AUTOFS_SUPER_MAGIC, NSFS_MAGIC, 0x62656570 /* configfs */, 0x19800202 /* mqueue */,
};

const char *path_of(int fd)
{
	static char path[32];

	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	return path;
}

static bool is_hidden(int fd, const struct stat *stat, const struct statfs *system)
{
	(void)fd;
	for (unsigned index = 0; index < sizeof SHOWN_BY_KERNEL / sizeof *SHOWN_BY_KERNEL; index++)
		if ((unsigned long)system->f_type == SHOWN_BY_KERNEL[index])
			return true;
	for (int index = 0; index < hidden_count; index++)
		if (hidden[index].st_dev == stat->st_dev && hidden[index].st_ino == stat->st_ino)
			return true;
	return false;
}

/* The other kernel has one file system for all of ours: numbers of files must not meet. */
uint64_t number_inode(dev_t dev, ino_t ino)
{
	unsigned index = 0;

	while (index < device_count && devices[index] != dev)
		index++;
	if (index == device_count && device_count < MOST_DEVICES)
		devices[device_count++] = dev;
	return ino ^ (uint64_t)index << 48;
}

void fill_attributes(const struct stat *stat, struct fuse_attr *attributes)
{
	*attributes = (struct fuse_attr){
		.ino = number_inode(stat->st_dev, stat->st_ino),
		.size = stat->st_size, .blocks = stat->st_blocks, .blksize = stat->st_blksize,
		.atime = stat->st_atim.tv_sec, .atimensec = stat->st_atim.tv_nsec,
		.mtime = stat->st_mtim.tv_sec, .mtimensec = stat->st_mtim.tv_nsec,
		.ctime = stat->st_ctim.tv_sec, .ctimensec = stat->st_ctim.tv_nsec,
		.mode = stat->st_mode, .nlink = stat->st_nlink,
		.uid = stat->st_uid, .gid = stat->st_gid,
		/* As the kernel packs a device for user space: 12 bits of the major number behind 8 of the minor. */
		.rdev = (stat->st_rdev & 0xff) | (stat->st_rdev & 0xfff00) | (stat->st_rdev >> 12 & 0xfff00000),
	};
}

/*
 * Whether a file is one of /usr that root alone changes, or a link of / that leads there, and has not changed just now. A
 * name that the other kernel knows, it gives to each of its users without asking: so everybody must be let through.
 */
static bool is_installed(const struct node *parent, const char *name, const struct stat *stat)
{
	bool is_link = S_ISLNK(stat->st_mode);

	if (parent == NULL || stat->st_uid != 0 || (stat->st_mode & 022 && !is_link))
		return false;
	if (S_ISDIR(stat->st_mode) && !(stat->st_mode & S_IXOTH))
		return false;
	/* What stands below /usr/local is no package's. */
	bool is_there = parent == nodes[FUSE_ROOT_ID - 1] ? is_link || strcmp(name, "usr") == 0
							  : parent->valid_seconds > 0 && strcmp(name, "local") != 0;
	return is_there && time(NULL) - stat->st_ctim.tv_sec > SETTLED_SECONDS;
}

static uint64_t *bucket_of(dev_t dev, ino_t ino)
{
	return &buckets[(ino ^ ino >> 14 ^ dev * 31) % BUCKETS];
}

struct node *find_node(uint64_t number)
{
	struct node *node = number == 0 || number > node_count ? NULL : nodes[number - 1];

	return node != NULL && node->lookups > 0 ? node : NULL;
}

static uint64_t new_number(void)
{
	if (first_free != 0) {
		uint64_t number = first_free;

		first_free = nodes[number - 1]->next;
		return number;
	}
	if (node_count == node_room) {
		node_room = node_room ? 2 * node_room : 256;
		nodes = realloc(nodes, node_room * sizeof *nodes);
		if (nodes == NULL)
			exit(1);
	}
	nodes[node_count] = calloc(1, sizeof **nodes);
	if (nodes[node_count] == NULL)
		exit(1);
	return ++node_count;
}

static uint64_t add_node(int fd, const struct stat *stat)
{
	uint64_t number = new_number(), *bucket = bucket_of(stat->st_dev, stat->st_ino);
	struct statfs system = { 0 };

	fstatfs(fd, &system);
	*nodes[number - 1] = (struct node){
		.fd = fd, .dev = stat->st_dev, .ino = stat->st_ino, .type = stat->st_mode & S_IFMT,
		.generation = ++generations, .next = *bucket, .is_hidden = is_hidden(fd, stat, &system),
		.valid_seconds = system.f_type == SQUASHFS_MAGIC ? CONSTANT_SECONDS : 0,
	};
	*bucket = number;
	return number;
}

int enter_node(int fd, const struct node *parent, const char *name, struct fuse_entry_out *entry)
{
	struct stat stat;

	if (fstat(fd, &stat) < 0) {
		int error = errno;

		close(fd);
		return -error;
	}
	uint64_t number = *bucket_of(stat.st_dev, stat.st_ino);
	while (number != 0 && (nodes[number - 1]->ino != stat.st_ino || nodes[number - 1]->dev != stat.st_dev))
		number = nodes[number - 1]->next;
	if (number == 0)
		number = add_node(fd, &stat);
	else
		close(fd);
	struct node *node = nodes[number - 1];
	node->lookups++;
	if (node->valid_seconds != CONSTANT_SECONDS)
		node->valid_seconds = is_installed(parent, name, &stat) ? INSTALLED_SECONDS : 0;
	*entry = (struct fuse_entry_out){
		.nodeid = number, .generation = node->generation,
		.entry_valid = node->valid_seconds, .attr_valid = node->valid_seconds,
	};
	fill_attributes(&stat, &entry->attr);
	return 0;
}

void forget_node(uint64_t number, uint64_t lookups)
{
	struct node *node = find_node(number);

	/* The root is never forgotten. */
	if (node == NULL || number == FUSE_ROOT_ID)
		return;
	node->lookups -= lookups < node->lookups ? lookups : node->lookups;
	if (node->lookups > 0)
		return;
	uint64_t *link = bucket_of(node->dev, node->ino);
	while (*link != number)
		link = &nodes[*link - 1]->next;
	*link = node->next;
	release_all_owners(node);
	close(node->fd);
	node->next = first_free;
	first_free = number;
}

void start_nodes(const char *root, char **paths, int count)
{
	struct rlimit most = { 1 << 20, 1 << 20 };
	struct fuse_entry_out entry;
	int fd = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);

	setrlimit(RLIMIT_NOFILE, &most);
	for (int index = 0; index < count && hidden_count < MOST_HIDDEN; index++)
		if (stat(paths[index], &hidden[hidden_count]) == 0)
			hidden_count++;
	if (fd < 0 || enter_node(fd, NULL, NULL, &entry) < 0)
		exit(1);
}
