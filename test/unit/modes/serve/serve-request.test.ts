import { expect, test } from "bun:test";
import { describeServing, parseServeRequest } from "../../../../modes/serve/serve-request.ts";

test.each([
  ["", { pool: ["192.168.77.2", "192.168.77.254"], isAsked: false }],
  ["1", { pool: ["192.168.77.2", "192.168.77.254"], isAsked: false }],
  ["0", "no"],
  ["10.1.0.50,10.1.0.200", { pool: ["10.1.0.50", "10.1.0.200"], isAsked: true }],
  ["10.1.0.1,10.1.0.254", undefined],
  ["10.1.0.50,10.1.1.50", undefined],
  ["eth0", undefined],
] as const)('parseServeRequest() reads "%s"', (value, request) => {
  expect(parseServeRequest(value)).toEqual(request as ReturnType<typeof parseServeRequest>);
});

test("describeServing() tells a DHCP server from one beside another", () => {
  const pool = ["10.1.0.50", "10.1.0.60"] as const;
  expect(describeServing({ pool }, "10.1.0.1")).toBe("the other PCs, with addresses 10.1.0.50 to 10.1.0.60");
  expect(describeServing({ pool }, "10.1.0.7")).toBe("the other PCs, beside the DHCP server");
});
