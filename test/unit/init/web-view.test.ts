import { expect, test } from "bun:test";
import { startWebView } from "../../../init/web-view.ts";
import { readAccess, writeAccess } from "../../../modes/desk/access.ts";
import type { Service } from "../../../modes/service.ts";
import { makeRoot } from "../../fixtures/root.ts";

function start(given: string | undefined, known?: { password?: string; isMade: boolean }) {
  using root = makeRoot();
  if (known) writeAccess(root.path, known);
  const services: Service[] = [];
  const supervisor = { start: (service: Service) => void services.push(service) };
  const status = startWebView({ root: root.path }, supervisor, { port: 81, password: given });
  return { status, services, access: readAccess(root.path) };
}

test("startWebView() starts the service on its port, behind the password that was given", () => {
  const { status, services, access } = start("secret");
  expect(services.map(({ name, command }) => [name, command.join(" ")])).toEqual([
    ["clumpweb", "/usr/sbin/clumpweb --port 81"],
  ]);
  expect(status).toEqual({ port: 81, isOpen: false });
  expect(access).toEqual({ password: "secret", isMade: false });
});

test("startWebView() makes a password where none was given, and another each time", () => {
  const [first, second] = [start(undefined), start(undefined)].map(({ access }) => access?.password);
  expect(first).toMatch(/^[a-z0-9]{8}$/);
  expect(second).not.toBe(first!);
});

test("startWebView() keeps the password that VNC has", () => {
  expect(start("other", { password: "first", isMade: true }).access).toEqual({
    password: "first",
    isMade: true,
  });
});

test("startWebView() says that a node without password is open", () => {
  expect(start("none")).toMatchObject({ status: { isOpen: true }, access: { isMade: false } });
});
