import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { parseUser } from "../../../../init/options/user.ts";
import { addUsers } from "../../../../init/steps/users.ts";
import { makeRoot } from "../../../fixtures/root.ts";

const ALICE = "alice:x:1000:1000:Alice, room 7:/home/alice:/bin/sh";

test("parseUser() reads a line of passwd", () => {
  expect(parseUser(ALICE)).toEqual({
    ...{ name: "alice", uid: 1000, gid: 1000 },
    rest: "Alice, room 7:/home/alice:/bin/sh",
  });
  expect(parseUser("bob::1001:100::/home/bob:")).toMatchObject({ name: "bob", rest: ":/home/bob:" });
});

test.each([
  "",
  "alice",
  "alice:x:1000:1000:Alice:/home/alice",
  `${ALICE}:more`,
  "root2:x:0:0:Root:/root:/bin/sh",
  "alice:x:1000:0:Alice:/home/alice:/bin/sh",
  "alice:x:1e3:1000:Alice:/home/alice:/bin/sh",
  "Alice B:x:1000:1000:Alice:/home/alice:/bin/sh",
  "alice:x:1000:1000:Alice:home:/bin/sh",
])("parseUser() refuses %p", (value) => {
  expect(parseUser(value)).toBeUndefined();
});

test("addUsers() adds users and their groups, and changes nobody who is there", () => {
  using root = makeRoot({
    "/etc/passwd": "root:x:0:0:root:/root:/bin/sh\n",
    "/etc/group": "root:x:0:\nusers:x:100:\n",
  });
  const lines = [ALICE, "bob:x:1001:100::/home/bob:/bin/sh", "root:x:5:5::/:/bin/sh"];
  addUsers(
    root.path,
    lines.flatMap((line) => parseUser(line) ?? []),
  );
  addUsers(
    root.path,
    lines.flatMap((line) => parseUser(line) ?? []),
  );
  const read = (name: string) => readFileSync(`${root.path}/etc/${name}`, "utf8");
  expect(read("passwd")).toBe(`root:x:0:0:root:/root:/bin/sh\n${ALICE}\nbob:x:1001:100::/home/bob:/bin/sh\n`);
  expect(read("group")).toBe("root:x:0:\nusers:x:100:\nalice:x:1000:\n");
});
