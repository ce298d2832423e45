import { expect, test } from "bun:test";
import { type StartContext, startServices } from "../../../../init/services/start-services.ts";
import { PLAIN_SERVE } from "../../../../modes/serve/serve-request.ts";
import type { Service } from "../../../../modes/service.ts";

test("what the node offers others is on its screen once the service is ready, and not before", () => {
  const [shown, ready]: [unknown[], Map<string, () => void>] = [[], new Map()];
  const context = {
    options: { web: 8080 },
    consoles: [],
    access: undefined,
    hasKey: false,
    supervisor: { start: ({ name }: Service, done = () => {}) => void ready.set(name, done) },
    node: {
      serve: PLAIN_SERVE,
      status: { show: (part: unknown) => shown.push(part) },
      showServing: (request: unknown) => shown.push(request),
    },
  } as unknown as StartContext;
  startServices({ services: ["clumpd", "clumpserve", "clumpweb"] }, context);
  expect([[...ready.keys()], shown]).toEqual([["clumpd", "clumpserve", "clumpweb"], []]);
  ready.get("clumpd")?.();
  expect(shown).toEqual([]);
  ready.get("clumpweb")?.();
  expect(shown).toEqual([{ web: { port: 8080, isOpen: false } }]);
  ready.get("clumpserve")?.();
  expect(shown.at(-1)).toEqual(PLAIN_SERVE);
});
