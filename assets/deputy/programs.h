/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What one small static program does under several names: what the runtime of the main program cannot be, because it
 * is too large to be there a hundred times, or cannot fork.
 */
#ifndef CLUMP_PROGRAMS_H
#define CLUMP_PROGRAMS_H

#include <stdbool.h>

/* A job's own descriptors are below; those of deputy and guest are from here on. */
enum { FIRST_OWN = 256 };
/* Bytes of one output that a guest may have under way: what its deputy keeps when the reader at home is slow. */
enum { CREDIT = 16384 };

/* A file beside the images, from the moment on that all is restored. */
#define GATE_MARK "restored"
/* Another one, from the moment on that the guest runs also where criu(8) dies. */
#define PASSED_MARK "resumes"

/* In the environment of the gate of a guest that must not change its node. */
#define LIMITED "CLUMP_LIMITED"

/* Moves a descriptor out of the job's numbers. */
int own_descriptor(int fd);
/* Does not return while the guest lives. */
int run_deputy(char **arguments);
/* argv as for main(). */
int run_guest(int argc, char **argv);
/* The action script of criu(8): between "restored" and "runs" it waits for the word of the home node. */
int run_gate(void);
/* root.c: what a guest must not write in /proc, although root may: no capability is needed for that. */
bool protect_node(void);
/* Runs the program of argv on a pseudo-terminal; gives its exit code, or ends by its signal. */
int run_pty(int argc, char **argv);
/* This node's files for others, and another node's files as a folder: assets/files/files.h. */
int run_files(int argc, char **argv);
int run_view(int argc, char **argv);
/* The daemon of moves from its first use on, and /mfs: assets/files/wake.c. */
int run_wake(int argc, char **argv);

#endif
