/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * assets/deputy/namespace.c with a late prctl(2): on a busy node the supervisor may be killed between the start of its
 * namespace and that call.
 */
#include <sys/prctl.h>
#include <unistd.h>

static int late_prctl(int option, unsigned long argument)
{
	usleep(200000);
	return prctl(option, argument);
}

#define prctl late_prctl
#include "../../assets/deputy/namespace.c"
