import { expect, test } from "bun:test";
import { defaultRouteThrough, permanentLease } from "../../../../probes/dhcp/permanent-lease.ts";

test.each([
  [24, "10.9.0.255"],
  [30, "10.9.0.7"],
  [31, undefined],
  [32, undefined],
])("permanentLease() of a /%p never ends; its broadcast address is %p", (prefix, broadcast) => {
  expect(permanentLease({ address: "10.9.0.5", prefix })).toEqual({
    ...{ address: "10.9.0.5", prefix, server: "", routes: [], dns: [], ntp: [] },
    ...(broadcast && { broadcast }),
    ...{ seconds: Infinity, renewAfter: Infinity, rebindAfter: Infinity },
  });
});

test("permanentLease() has what it is given", () => {
  const given = { server: "10.9.0.5", routes: defaultRouteThrough("10.9.0.1"), dns: ["10.9.0.2"] };
  expect(permanentLease({ address: "10.9.0.5", prefix: 24, ...given })).toMatchObject(given);
});

test("defaultRouteThrough() is no route without a gateway", () => {
  expect(defaultRouteThrough(undefined)).toEqual([]);
  expect(defaultRouteThrough("10.9.0.1")).toEqual([
    { destination: "0.0.0.0", prefix: 0, gateway: "10.9.0.1" },
  ]);
});
