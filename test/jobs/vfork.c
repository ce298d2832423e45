/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Waits in the kernel, where no tracer can stop it, until its child ends. */
#include <stdio.h>
#include <sys/types.h>
#include <unistd.h>

int main(void)
{
	pid_t child = vfork();

	if (child == 0) {
		dprintf(1, "%d\n", getpid());
		pause();
	}
	return 0;
}
