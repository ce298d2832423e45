import { expect, test } from "bun:test";
import { parseServeRequest } from "../../../../modes/serve/serve-request.ts";

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
