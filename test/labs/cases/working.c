/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a process does, and goes on with. */
#include "cases.h"
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { THREADS = 4, STEPS = 3000000 };

static bool program(void)
{
	char text[16] = "";

	nap();
	FILE *said = popen("echo begun", "r");
	if (said == NULL || fgets(text, sizeof text, said) == NULL)
		return false;
	return pclose(said) == 0 && strcmp(text, "begun\n") == 0;
}

static uint64_t step(uint64_t state)
{
	state ^= state << 13;
	state ^= state >> 7;
	return state ^ state << 17;
}

static uint64_t chain(uint64_t state, int steps)
{
	while (steps-- > 0)
		state = step(state);
	return state;
}

/* Computes before and after, whatever the move does meanwhile. */
static void *compute(void *start)
{
	uint64_t *state = start;

	*state = chain(*state, STEPS);
	nap();
	*state = chain(*state, STEPS);
	return NULL;
}

static bool threads(void)
{
	pthread_t running[THREADS];
	uint64_t states[THREADS];
	bool is_right = true;

	for (int n = 0; n < THREADS; n++) {
		states[n] = n + 1;
		pthread_create(&running[n], NULL, compute, &states[n]);
	}
	for (int n = 0; n < THREADS; n++) {
		pthread_join(running[n], NULL);
		is_right = is_right && states[n] == chain(n + 1, 2 * STEPS);
	}
	return is_right && program();
}

/* Of a list that a shell shares, a line of two bytes. */
static bool list(void)
{
	char line[3] = "";

	nap();
	return read(0, line, 2) == 2 && printf("%s", line) == 2;
}

/* What it makes is its user's, in its folder. */
static bool user(void)
{
	char path[4096];

	nap();
	FILE *made = fopen("made", "w");
	if (made == NULL || getcwd(path, sizeof path) == NULL)
		return false;
	fprintf(made, "%d %s", (int)getuid(), path);
	return fclose(made) == 0;
}

const struct one_case WORKING[] = {
	{ "program", program }, { "threads", threads }, { "list", list }, { "user", user }, { NULL, NULL },
};
