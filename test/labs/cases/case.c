/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * case NAME [STATUS]: has what moving.c, working.c or staying.c says, makes the file "here" in its folder, waits for the file "go",
 * and prints "right" where all is as it was, else "wrong"; ends with that status, default 3.
 */
#include "cases.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

void nap(void)
{
	/* Each look goes to the home of a process that is away. */
	struct timespec moment = { 0, 100000000 };

	close(open("here", O_CREAT | O_WRONLY | O_CLOEXEC, 0644));
	while (access("go", F_OK) != 0)
		nanosleep(&moment, NULL);
}

bool ends_with(int child, int status)
{
	int ended;

	return waitpid(child, &ended, 0) == child && WIFEXITED(ended) && WEXITSTATUS(ended) == status;
}

static const struct one_case *find(const struct one_case *table, const char *name)
{
	while (table->name != NULL && strcmp(table->name, name) != 0)
		table++;
	return table->name != NULL ? table : NULL;
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "";
	const struct one_case *found = find(MOVING, name);

	if (found == NULL)
		found = find(WORKING, name);
	if (found == NULL)
		found = find(STAYING, name);
	if (found == NULL)
		return 64;
	puts(found->is_right() ? "right" : "wrong");
	fflush(stdout);
	_exit(argc > 2 ? atoi(argv[2]) : 3);
}
