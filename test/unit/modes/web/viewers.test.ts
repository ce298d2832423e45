import { describe, expect, test } from "bun:test";
import { EventEmitter } from "node:events";
import type { ServerResponse } from "node:http";
import { Viewers } from "../../../../modes/web/viewers.ts";

class FakeResponse extends EventEmitter {
  written: string[] = [];
  writableLength = 0;
  isDestroyed = false;
  write(text: string): void {
    this.written.push(text);
  }
  destroy(): void {
    this.isDestroyed = true;
    this.emit("close");
  }
  get asResponse(): ServerResponse {
    return this as unknown as ServerResponse;
  }
}

const FIRST = { name: "history", text: "[]" };

function look(events: Record<string, string>) {
  let asked = 0;
  const viewers = new Viewers(() => {
    asked++;
    return Object.entries(events).map(([name, text]) => ({ name, text }));
  });
  const add = () => {
    const response = new FakeResponse();
    viewers.add(response.asResponse, FIRST);
    return response;
  };
  return { viewers, add, asked: () => asked };
}

describe("Viewers", () => {
  test("a newcomer gets the past, then every event; a beat brings what is new and nothing else", () => {
    const events: Record<string, string> = { node: "1", beat: "1" };
    const { viewers, add } = look(events);
    const response = add();
    expect(response.written).toEqual([
      "event: history\ndata: []\n\n",
      "event: node\ndata: 1\n\nevent: beat\ndata: 1\n\n",
    ]);
    events["beat"] = "2";
    viewers.beat();
    viewers.beat();
    expect(response.written.slice(2)).toEqual(["event: beat\ndata: 2\n\n"]);
  });

  test("who has not taken what was sent gets only the newest, once he has", () => {
    const events: Record<string, string> = { beat: "1" };
    const { viewers, add } = look(events);
    const slow = add();
    slow.writableLength = 10;
    for (const text of ["2", "3", "4"]) {
      events["beat"] = text;
      viewers.beat();
    }
    expect(slow.written).toHaveLength(2);
    slow.writableLength = 0;
    viewers.beat();
    expect(slow.written.slice(2)).toEqual(["event: beat\ndata: 4\n\n"]);
  });

  test("who takes nothing for twenty beats is let go", () => {
    const { viewers, add } = look({ beat: "1" });
    const stuck = add();
    const lively = add();
    stuck.writableLength = 10;
    for (let beat = 0; beat < 20; beat++) viewers.beat();
    expect([stuck.isDestroyed, viewers.count]).toEqual([false, 2]);
    viewers.beat();
    expect([stuck.isDestroyed, lively.isDestroyed, viewers.count]).toEqual([true, false, 1]);
  });

  test("32 at a time; one who hangs up makes room, and without any nothing is made", () => {
    const { viewers, add, asked } = look({ beat: "1" });
    viewers.beat();
    expect(asked()).toBe(0);
    const all = Array.from({ length: 32 }, add);
    expect(viewers.isFull).toBe(true);
    all[0]!.emit("close");
    expect([viewers.isFull, viewers.count]).toEqual([false, 31]);
    viewers.close();
    expect([viewers.count, all[1]!.isDestroyed]).toEqual([0, true]);
  });
});
