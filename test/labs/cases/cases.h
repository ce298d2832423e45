/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Cases of what a process may have. */
#ifndef CASES_H
#define CASES_H

#include <stdbool.h>

struct one_case {
	const char *name;
	/* Makes it, naps, and gives whether all is as it was. */
	bool (*is_right)(void);
};

/* Each ends with a name that is NULL. */
extern const struct one_case MOVING[], WORKING[], STAYING[];

/* Makes the file "here", and waits for the file "go". */
void nap(void);

/* Whether the child ends with that status. */
bool ends_with(int child, int status);

#endif
