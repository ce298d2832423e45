/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A guest: a process of another node that is restored here, in a namespace of its own, below a supervisor.
 */
#ifndef CLUMP_GUEST_H
#define CLUMP_GUEST_H

#include <stdbool.h>
#include <sys/stat.h>
#include <sys/types.h>

enum { MOST_BOUND = 8, MOST_RELAYED = 64 };

struct relayed {
	char mode;			/* 'r': the guest reads, 'w': the guest writes */
	int number;			/* of the descriptor at home */
	const char *key;		/* what criu(8) calls it: "pipe:[123]" or "tmp/out" */
	int inner;			/* the guest's end; -1 once it has been handed over */
	int outer;			/* the supervisor's end; -1 once it is closed */
	bool is_shut;			/* the other end was closed on the node before */
};

struct guest {
	const char *socket, *job;	/* of the daemon, and what the link is called */
	const char *images;		/* folder of the images, as seen within `root` */
	const char *root;		/* what becomes / for the guest; "/" leaves it */
	const char *bound[MOST_BOUND];	/* folders of this node that the guest's root has too, beside `images` */
	int bound_count;
	const char *guests;		/* the control group of guests, cgroup2; NULL: none */
	const char *criu, *gate, *hostname;
	pid_t pid, parent, group, session; /* as they are called at home */
	int starts;			/* how often it has been started again, link.h */
	int terminal;			/* descriptor of the terminal at home; -1: none */
	int slave_number;		/* of /dev/pts/N */
	int master, slave;		/* of its pseudo-terminal here; -1: none */
	int relayed_count;
	struct relayed relayed[MOST_RELAYED];
	int reports;			/* the supervisor's end, where the namespace reports */
	pid_t init;			/* of the namespace, as this node calls it */
};

/* The step of a namespace that was given up because somebody has killed criu(8), and how its supervisor ends then. */
enum { CRIU_KILLED = 12, ENDS_FOR_KILLED = 3 };

/* What the namespace reports on its pipe: one struct a write. */
struct report {
	enum { FAILED = 'f', BEGUN = 'b', RESTORED = 'r', STOPPED = 't', ENDED = 'x' } kind;
	int value;			/* wait status, or number of the signal, or step << 16 | errno */
};

/* root.c: before a terminal is made, and within the namespace */
void own_terminals(const struct guest *guest);
int enter_root(const struct guest *guest);
/* Whether the guest has another root than this node's. */
bool has_own_root(const struct guest *guest);

/* network.c: makes the group of guests, which has no way to this node's own services; the daemon puts guests into it */
bool limit_guests(const struct guest *guest);

/* Makes the namespace and restores the process in it, in a child; gives the child's pid, or -1. */
pid_t start_namespace(struct guest *guest, int reports);
/* Closes the guest's ends of all that is relayed. */
void close_inner(struct guest *guest);

/* The pid by which this node calls the process that the namespace calls `guest->pid`; 0 where it is not there. */
pid_t find_body(const struct guest *guest);
/* Whether any process lives in the namespace that is neither its first one nor a shadow. */
bool has_members(const struct guest *guest);
/* Bytes that a thread of the guest waits to read from that file; 0 where none does. */
int find_demand(const struct guest *guest, const struct stat *file);

#endif
