/*
 * parent PROGRAM ARGUMENT...: runs a program as a child, prints the child's pid, and then each event of the child that a
 * handler of SIGCHLD and waitid(2) see: the code (CLD_EXITED is 1) and the status.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile sig_atomic_t signals;

static void count(int number)
{
	(void)number;
	signals++;
}

int main(int argc, char **argv)
{
	struct sigaction action = { .sa_handler = count };
	siginfo_t info;

	if (argc < 2)
		return 64;
	sigaction(SIGCHLD, &action, NULL);
	pid_t child = fork();
	if (child == 0) {
		execv(argv[1], argv + 1);
		_exit(127);
	}
	printf("%d\n", child);
	fflush(stdout);
	for (;;) {
		memset(&info, 0, sizeof info);
		if (waitid(P_PID, child, &info, WEXITED | WSTOPPED | WCONTINUED) < 0)
			continue;
		printf("event %d %d\n", info.si_code, info.si_status);
		if (info.si_code == CLD_EXITED || info.si_code == CLD_KILLED || info.si_code == CLD_DUMPED)
			break;
	}
	printf("%d signals\n", (int)signals);
	return 0;
}
