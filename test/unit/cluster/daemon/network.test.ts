import { expect, test } from "bun:test";
import { openGroup } from "../../../../cluster/daemon/network.ts";

/** TEST-NET-3 of RFC 5737: no machine has it. */
const NOT_HERE = 0xcb007109;
const PORT = 13_340;

test("openGroup() leaves no socket behind where the address is not this machine's, so that it can be tried again", async () => {
  const complaints = [];
  for (let tries = 0; tries < 2; tries++)
    complaints.push(await openGroup(NOT_HERE, PORT, () => {}).catch(({ code }: { code: string }) => code));
  expect(complaints).toEqual(["EADDRNOTAVAIL", "EADDRNOTAVAIL"]);
});
