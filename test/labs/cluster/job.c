/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * job SECONDS: computes until it has had so many seconds of processor time, wherever it ran, or until SIGTERM. Prints
 * whether each of its steps counted once.
 */
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* Of this process: one that has moved begins at 0 again. */
static double processor_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

static volatile sig_atomic_t is_over;

static void end(int signal)
{
	(void)signal;
	is_over = 1;
}

int main(int argc, char **argv)
{
	double wanted = argc > 1 ? atof(argv[1]) : 0, had = 0, before = processor_seconds();
	volatile uint64_t steps = 0, sum = 0;

	signal(SIGTERM, end);
	while (had < wanted && !is_over) {
		for (int turn = 0; turn < 100000; turn++) {
			steps++;
			sum += steps;
		}
		double now = processor_seconds();

		had += now > before ? now - before : now;
		before = now;
	}
	printf(sum == (uint64_t)((unsigned __int128)steps * (steps + 1) / 2) ? "right\n" : "wrong\n");
	return 0;
}
