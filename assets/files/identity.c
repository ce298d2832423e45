/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The kernel of home decides who may do what with a file, by the numbers of the user who asks (setfsuid(2)). The
 * supplementary groups are those that home's /etc/group has for that user.
 */
#include "files.h"

#include <grp.h>
#include <pwd.h>
#include <sys/fsuid.h>
#include <time.h>

/* Seconds until /etc/group is read anew. */
enum { MOST_GROUPS = 256, KEPT_SECONDS = 5 };

static struct {
	bool is_known;
	uid_t uid;
	time_t read_at;
	gid_t groups[MOST_GROUPS];
	int count;
} kept;

static void read_groups(uid_t uid)
{
	struct passwd *user = getpwuid(uid);

	kept.count = MOST_GROUPS;
	if (user == NULL || getgrouplist(user->pw_name, user->pw_gid, kept.groups, &kept.count) < 0)
		kept.count = 0;
	kept.is_known = true;
	kept.uid = uid;
	kept.read_at = time(NULL);
	setgroups(kept.count, kept.groups);
}

void take_root(void)
{
	setfsuid(0);
	setfsgid(0);
}

void take_identity(uid_t uid, gid_t gid)
{
	take_root();
	/* Root needs no groups: its capabilities override the modes. */
	if (uid != 0 && (!kept.is_known || kept.uid != uid || time(NULL) - kept.read_at > KEPT_SECONDS))
		read_groups(uid);
	setfsgid(gid);
	setfsuid(uid);
}
