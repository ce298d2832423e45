/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A guest reaches of the network what its home could reach. What listens on the loopback of this node trusts this node's
 * processes, and the tunnel of moves trusts this node: neither is for guests. The kernel asks a program of BPF at each
 * connect(2) and sendto(2) in the control group of guests: BPF_PROG_TYPE_CGROUP_SOCK_ADDR of linux/bpf.h.
 */
#include "guest.h"

#include <fcntl.h>
#include <linux/bpf.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define LOAD_BYTE(field, index) { BPF_LDX | BPF_MEM | BPF_B, 2, 1, offsetof(struct bpf_sock_addr, field) + (index), 0 }
#define LOAD_WORD(field, index) { BPF_LDX | BPF_MEM | BPF_W, 2, 1, offsetof(struct bpf_sock_addr, field) + 4 * (index), 0 }
#define IF_EQUAL(number, skip) { BPF_JMP32 | BPF_JEQ | BPF_K, 2, 0, skip, number }
#define UNLESS_EQUAL(number, skip) { BPF_JMP32 | BPF_JNE | BPF_K, 2, 0, skip, number }
#define ANSWER(number) { BPF_ALU64 | BPF_MOV | BPF_K, 0, 0, 0, number }
#define END { BPF_JMP | BPF_EXIT, 0, 0, 0, 0 }

/* 127.0.0.0/8, and 0.0.0.0/8, which leads to the loopback too. Addresses are in the order of the network. */
static const struct bpf_insn IPV4[] = {
	ANSWER(1),
	LOAD_BYTE(user_ip4, 0),
	IF_EQUAL(127, 2),
	IF_EQUAL(0, 1),
	END,
	ANSWER(0),
	END,
};

/* The tunnel's fd00::/8; ::/96 with the loopback ::1; and the addresses above as ::ffff:0:0/96. */
static const struct bpf_insn IPV6[] = {
	ANSWER(1),
	LOAD_BYTE(user_ip6, 0),
	IF_EQUAL(0xfd, 11),
	LOAD_WORD(user_ip6, 0),
	UNLESS_EQUAL(0, 8),
	LOAD_WORD(user_ip6, 1),
	UNLESS_EQUAL(0, 6),
	LOAD_WORD(user_ip6, 2),
	IF_EQUAL(0, 5),
	UNLESS_EQUAL((int)0xffff0000, 3),
	LOAD_BYTE(user_ip6, 12),
	IF_EQUAL(127, 2),
	IF_EQUAL(0, 1),
	END,
	ANSWER(0),
	END,
};

static int call_bpf(int command, union bpf_attr *attributes)
{
	return syscall(SYS_bpf, command, attributes, sizeof *attributes);
}

static bool attach(int group, int type, const struct bpf_insn *program, unsigned length)
{
	union bpf_attr attributes = { 0 };

	attributes.prog_type = BPF_PROG_TYPE_CGROUP_SOCK_ADDR;
	attributes.expected_attach_type = type;
	attributes.insns = (unsigned long)program;
	attributes.insn_cnt = length;
	attributes.license = (unsigned long)"GPL";
	int loaded = call_bpf(BPF_PROG_LOAD, &attributes);
	if (loaded < 0)
		return false;
	memset(&attributes, 0, sizeof attributes);
	attributes.target_fd = group;
	attributes.attach_bpf_fd = loaded;
	attributes.attach_type = type;
	/* It takes the place of the same program that an earlier guest has attached. */
	bool is_attached = call_bpf(BPF_PROG_ATTACH, &attributes) == 0;
	close(loaded);
	return is_attached;
}

bool limit_guests(const struct guest *guest)
{
	if (guest->guests == NULL)
		return true;
	mkdir(guest->guests, 0755);
	int group = open(guest->guests, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (group < 0)
		return false;
	bool is_limited = attach(group, BPF_CGROUP_INET4_CONNECT, IPV4, sizeof IPV4 / sizeof *IPV4) &&
		attach(group, BPF_CGROUP_UDP4_SENDMSG, IPV4, sizeof IPV4 / sizeof *IPV4) &&
		attach(group, BPF_CGROUP_INET6_CONNECT, IPV6, sizeof IPV6 / sizeof *IPV6) &&
		attach(group, BPF_CGROUP_UDP6_SENDMSG, IPV6, sizeof IPV6 / sizeof *IPV6);
	close(group);
	return is_limited;
}
