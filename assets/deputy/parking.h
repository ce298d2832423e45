/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A guest goes on to another node: its supervisor parks. It sends what the guest has written, hangs up, and writes what
 * a supervisor elsewhere must know to take its place; input that the guest has not read becomes a file "input.r0" beside
 * the images. The process itself is frozen by the daemon meanwhile.
 */
#ifndef CLUMP_PARKING_H
#define CLUMP_PARKING_H

#include "guest.h"
#include "link.h"

#include <termios.h>
#include <time.h>

/* What is under way on one relayed descriptor. */
struct flow {
	bool has_input;			/* the deputy has announced input */
	bool is_granted;		/* the deputy is to read, and has not answered */
	unsigned credit;		/* bytes of output that may still be sent */
};

struct supervisor {
	struct guest guest;
	struct link link;
	struct flow flows[MOST_RELAYED + 1]; /* the last one is the terminal's */
	bool may_link;			/* criu(8) restores it */
	bool is_restored;		/* and has been let go */
	pid_t body;
	struct stat slave;		/* of the guest's terminal */
	struct termios modes;		/* of it, as guest or home has set them last, without EXTPROC */
	bool has_modes;			/* the guest has set others, and home has not been told */
	unsigned before_modes;		/* bytes of output that come before that */
	bool has_ended;			/* its end has been sent */
	bool is_ending;			/* its end is known */
	int status;			/* of wait(2), then */
	unsigned last_frames;		/* of output, sent since then */
	bool has_members;		/* children of the guest go on without it, and its deputy knows */
	time_t looked;			/* when they were looked for last */
	int nap;			/* milliseconds until the next look for demand */
	int orders;			/* signalfd(2): SIGUSR1 parks, SIGUSR2 ends that */
	enum { RUNS, DRAINS, PARKED } parking;
};

struct flow *terminal_flow(struct supervisor *supervisor);
/* The position of the relayed descriptor, or -1. */
int find_relayed(const struct guest *guest, int number, char mode);
/* Input that the terminal holds for the guest, which only the guest's end tells. */
int bytes_for_reader(int master);
/* Has the orders of the daemon come on a descriptor. */
void open_orders(struct supervisor *supervisor);
void read_orders(struct supervisor *supervisor);
/* Parks a supervisor that drains, once nothing is under way. */
void park_when_drained(struct supervisor *supervisor);
/* Puts into a pipe what the guest had not read on the node before. */
void fill_with_input(const struct guest *guest, const struct relayed *relayed);
/* Arguments that another supervisor has written: resume=RECEIVED,SENT and flow=w1,0,0,16384,1. */
bool read_resumption(struct supervisor *supervisor, const char *name, const char *value);

#endif
