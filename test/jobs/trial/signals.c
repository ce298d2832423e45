/*
 * signals SECONDS: counts the signals that its handlers see, and prints "ready" when it counts. Of its first thread one signal
 * is blocked and pending already, and an alarm goes off after two seconds. After so many seconds, or at SIGRTMAX, it prints how often each
 * has come, and ends with 7.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t counts[NSIG];

static void count(int number)
{
	counts[number]++;
}

int main(int argc, char **argv)
{
	struct timespec nap = { 0, 20000000 };
	time_t end = time(NULL) + (argc > 1 ? atoi(argv[1]) : 5);
	struct sigaction action = { .sa_handler = count };
	sigset_t blocked, all;

	sigfillset(&all);
	action.sa_mask = all;
	for (int number = 1; number < NSIG; number++)
		sigaction(number, &action, NULL);
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGUSR2);
	sigprocmask(SIG_BLOCK, &blocked, NULL);
	raise(SIGUSR2);
	alarm(2);
	puts("ready");
	fflush(stdout);
	while (time(NULL) < end && counts[SIGRTMAX] == 0)
		nanosleep(&nap, NULL);
	sigprocmask(SIG_UNBLOCK, &blocked, NULL);
	for (int number = 1; number < NSIG; number++)
		if (counts[number] > 0)
			printf("%d x %d\n", number, counts[number]);
	fflush(stdout);
	return 7;
}
