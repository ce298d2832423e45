/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Five threads that sleep, and one that counts for ever. */
#include <pthread.h>
#include <unistd.h>

static void *sleep_on(void *argument)
{
	for (;;)
		pause();
	return argument;
}

int main(void)
{
	pthread_t thread;

	for (int n = 0; n < 5; n++)
		pthread_create(&thread, 0, sleep_on, 0);
	if (write(1, "begun\n", 6) < 0)
		return 1;
	for (volatile unsigned long count = 0;; count++)
		;
}
