/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The kernel of home decides who may do what with a file, by the numbers of the user who asks (setfsuid(2)). The
 * supplementary groups are those that home's /etc/group has for that user. Which user asks, the other node says: a home
 * that trusts it less serves only the users whose processes are away.
 */
#include "files.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <sys/fsuid.h>
#include <time.h>

/* Seconds until /etc/group is read anew. */
enum { MOST_GROUPS = 256, KEPT_SECONDS = 5, MOST_USERS = 64 };

static const uid_t NOBODY = 65534;

static struct {
	bool is_known, is_user;		/* whether home has such a user */
	uid_t uid;
	gid_t own;			/* that of the password file */
	time_t read_at;
	gid_t groups[MOST_GROUPS];
	int count;
} kept;

static struct {
	const char *path;		/* NULL where every user is served */
	bool is_for_all;
} limit;

static struct {
	struct stat read_from;
	uid_t uids[MOST_USERS];
	int count;
} users;

static void read_groups(uid_t uid)
{
	struct passwd *user = getpwuid(uid);

	kept.count = MOST_GROUPS;
	if (user == NULL || getgrouplist(user->pw_name, user->pw_gid, kept.groups, &kept.count) < 0)
		kept.count = 0;
	kept.is_user = user != NULL;
	kept.own = user != NULL ? user->pw_gid : NOBODY;
	kept.is_known = true;
	kept.uid = uid;
	kept.read_at = time(NULL);
	setgroups(kept.count, kept.groups);
}

void limit_users(const char *path, bool is_for_all)
{
	limit.path = path;
	limit.is_for_all = is_for_all;
}

void take_root(void)
{
	setfsuid(0);
	setfsgid(0);
}

/* The other node may say group 42 to read what is the group's: a user gets a group of the user's own. */
static gid_t check_group(gid_t gid)
{
	if (kept.is_user)
		for (int index = 0; index < kept.count; index++)
			if (kept.groups[index] == gid)
				return gid;
	return kept.own;
}

static void take_identity(uid_t uid, gid_t gid)
{
	take_root();
	/* Root needs no groups: its capabilities override the modes. */
	if (uid != 0 && (!kept.is_known || kept.uid != uid || time(NULL) - kept.read_at > KEPT_SECONDS))
		read_groups(uid);
	setfsgid(limit.path == NULL ? gid : check_group(gid));
	setfsuid(uid);
}

static void read_users(void)
{
	unsigned uid;

	users.count = 0;
	FILE *file = fopen(limit.path, "re");
	if (file == NULL)
		return;
	fstat(fileno(file), &users.read_from);
	while (users.count < MOST_USERS && fscanf(file, "%u", &uid) == 1)
		if (uid != 0)
			users.uids[users.count++] = uid;
	fclose(file);
}

/* Whoever changes the users puts another file in place of this one. */
static void look_for_users(void)
{
	struct stat now = { 0 };

	take_root();
	stat(limit.path, &now);
	if (now.st_ino == 0 || now.st_ino != users.read_from.st_ino ||
	    now.st_ctim.tv_sec != users.read_from.st_ctim.tv_sec || now.st_ctim.tv_nsec != users.read_from.st_ctim.tv_nsec)
		read_users();
}

/* As each of the users until the kernel allows it to one, and at last as nobody. */
static int run_as_any(int count, operation *run, const struct request *request, struct reply *reply)
{
	for (int index = 0; index < count; index++) {
		take_identity(users.uids[index], NOBODY);
		int result = run(request, reply);
		if (result != -EACCES && result != -EPERM)
			return result;
		reply->length = 0;
	}
	take_identity(NOBODY, NOBODY);
	return run(request, reply);
}

int run_as(uid_t uid, gid_t gid, operation *run, const struct request *request, struct reply *reply)
{
	if (limit.path != NULL && (uid == 0 || !limit.is_for_all)) {
		if (!limit.is_for_all)
			look_for_users();
		int count = users.count;

		if (uid == 0)
			return run_as_any(count, run, request, reply);
		while (count > 0 && users.uids[count - 1] != uid)
			count--;
		if (count == 0)
			uid = gid = NOBODY;
	}
	take_identity(uid, gid);
	return run(request, reply);
}
