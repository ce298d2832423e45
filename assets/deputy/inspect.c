/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the guest's threads are doing, from /proc: proc(5).
 */
#include "guest.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

typedef int visit_pid(pid_t pid, void *context);

/* Calls `visit` for each number in a folder until one gives something; gives that. */
static int each_number(const char *folder, visit_pid *visit, void *context)
{
	DIR *directory = opendir(folder);
	struct dirent *entry;
	int found = 0;

	if (directory == NULL)
		return 0;
	while (found == 0 && (entry = readdir(directory)) != NULL)
		if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9')
			found = visit(atoi(entry->d_name), context);
	closedir(directory);
	return found;
}

struct search {
	struct stat space;		/* of the pid namespace of the guest */
	pid_t inner;			/* 0: any */
	struct stat wanted;		/* the file behind the descriptor */
	pid_t process;
};

static bool is_in_space(pid_t pid, const struct search *search)
{
	char path[64];
	struct stat space;

	snprintf(path, sizeof path, "/proc/%d/ns/pid", pid);
	return stat(path, &space) == 0 && space.st_ino == search->space.st_ino && space.st_dev == search->space.st_dev;
}

static int match_inner(pid_t pid, void *context)
{
	const struct search *search = context;
	char path[64], line[256];
	int outer, inner = 0;

	if (!is_in_space(pid, search))
		return 0;
	snprintf(path, sizeof path, "/proc/%d/status", pid);
	FILE *file = fopen(path, "r");
	if (file == NULL)
		return 0;
	while (fgets(line, sizeof line, file) != NULL)
		if (sscanf(line, "NStgid: %d %d", &outer, &inner) == 2)
			break;
	fclose(file);
	return inner == search->inner ? pid : 0;
}

static bool find_space(const struct guest *guest, struct search *search)
{
	char path[64];

	snprintf(path, sizeof path, "/proc/%d/ns/pid", guest->init);
	return stat(path, &search->space) == 0;
}

pid_t find_body(const struct guest *guest)
{
	struct search search = { .inner = guest->pid };

	return find_space(guest, &search) ? each_number("/proc", match_inner, &search) : 0;
}

static int match_member(pid_t pid, void *context)
{
	const struct search *search = context;
	char path[64];
	struct stat program;

	if (!is_in_space(pid, search))
		return 0;
	snprintf(path, sizeof path, "/proc/%d/exe", pid);
	bool is_own = stat(path, &program) < 0 ||
		      (program.st_ino == search->wanted.st_ino && program.st_dev == search->wanted.st_dev);
	return is_own ? 0 : pid;
}

bool has_members(const struct guest *guest)
{
	struct search search = { .inner = 0 };

	return stat("/proc/self/exe", &search.wanted) == 0 && find_space(guest, &search) &&
	       each_number("/proc", match_member, &search) > 0;
}

/* What may wait for several descriptors wants whatever is there. */
static bool waits_for_many(long call)
{
	static const long calls[] = { SYS_poll, SYS_ppoll, SYS_select, SYS_pselect6, SYS_epoll_wait, SYS_epoll_pwait };

	for (unsigned index = 0; index < sizeof calls / sizeof *calls; index++)
		if (calls[index] == call)
			return true;
	return false;
}

static int demand_of_thread(pid_t thread, void *context)
{
	const struct search *search = context;
	char path[80];
	long call = -1;
	unsigned long fd, buffer, length;
	struct stat file;

	snprintf(path, sizeof path, "/proc/%d/task/%d/syscall", search->process, thread);
	FILE *stream = fopen(path, "r");
	if (stream == NULL)
		return 0;
	int fields = fscanf(stream, "%ld %lx %lx %lx", &call, &fd, &buffer, &length);
	fclose(stream);
	if (fields == 4 && waits_for_many(call))
		return 4096;
	if (fields != 4 || call != SYS_read || length == 0)
		return 0;
	snprintf(path, sizeof path, "/proc/%d/fd/%lu", search->process, fd);
	if (stat(path, &file) < 0 || file.st_ino != search->wanted.st_ino || file.st_rdev != search->wanted.st_rdev)
		return 0;
	return length < 4096 ? length : 4096;
}

static int demand_of_process(pid_t pid, void *context)
{
	struct search *search = context;
	char path[64];

	if (!is_in_space(pid, search))
		return 0;
	search->process = pid;
	snprintf(path, sizeof path, "/proc/%d/task", pid);
	return each_number(path, demand_of_thread, search);
}

int find_demand(const struct guest *guest, const struct stat *file)
{
	struct search search = { .wanted = *file };

	return find_space(guest, &search) ? each_number("/proc", demand_of_process, &search) : 0;
}
