import { expect, test } from "bun:test";
import { History } from "../../../../modes/figures/history.ts";
import { Canvas, COLOUR } from "../../../../modes/terminal/canvas.ts";
import { drawBar, drawGraph, scaleTop } from "../../../../modes/terminal/graph.ts";
import { formatDuration, formatMemory } from "../../../../system/amounts.ts";

test.each([
  [[], 0.1],
  [[0.1], 0.1],
  [[0.11, 0.02], 0.25],
  [[0.3], 0.5],
  [[0.3, 0.51], 1],
  [[7], 1],
])("scaleTop() of %j is %d", (values, top) => {
  expect(scaleTop(values)).toBe(top);
});

test("drawGraph() puts the newest value at the right and leaves a mark for a value of 0", () => {
  const canvas = new Canvas(10, 2);
  drawGraph(canvas, { x: 0, y: 0, width: 10, height: 2 }, [0, 0.5, 1]);
  expect(canvas.lines()).toEqual(["100 %    █", "  0 % ─▁██"]);
});

test("drawGraph() has a gap where a share is not known", () => {
  const canvas = new Canvas(10, 2);
  drawGraph(canvas, { x: 0, y: 0, width: 10, height: 2 }, [1, undefined, 0.5]);
  expect(canvas.lines()).toEqual(["100 %  █", "  0 % ─█─█"]);
});

test("drawGraph() scales by the values it shows alone", () => {
  const canvas = new Canvas(8, 2);
  drawGraph(canvas, { x: 0, y: 0, width: 8, height: 2 }, [1, 0.1, 0.1]);
  expect(canvas.lines()[0]).toBe(" 10 % ██");
});

test.each([
  [0.5, COLOUR.green],
  [0.7, COLOUR.yellow],
  [1, COLOUR.rose],
])("drawBar() of %d has its colour", (share, colour) => {
  const canvas = new Canvas(4, 1);
  drawBar(canvas, { x: 0, y: 0, width: 4 }, share);
  expect(canvas.lines()[0]).toBe("█".repeat(Math.round(share * 4)).padEnd(4, "░"));
  expect(canvas.colours[0]).toBe(colour);
});

test("drawBar() shows half a cell, and never more than its width", () => {
  const canvas = new Canvas(6, 3);
  drawBar(canvas, { x: 0, y: 0, width: 4 }, 0.6);
  drawBar(canvas, { x: 0, y: 1, width: 4 }, 7);
  drawBar(canvas, { x: 0, y: 2, width: 4 }, -1);
  expect(canvas.lines()).toEqual(["██▌░", "████", "░░░░"]);
});

test("History gives the newest values, oldest first, and forgets the rest", () => {
  const history = new History(4);
  expect(history.latest(9)).toEqual([]);
  for (const value of [1, 2, 3, 4, 5, 6]) history.push(value);
  expect(history.latest(9)).toEqual([3, 4, 5, 6]);
  expect(history.latest(2)).toEqual([5, 6]);
});

test.each([
  [-1, "0 s"],
  [59.9, "59 s"],
  [784, "13 min 4 s"],
  [3_600, "1 h"],
  [86_400 * 2 + 3_600 * 3 + 59, "2 d 3 h"],
])("formatDuration() of %d is %s", (seconds, words) => {
  expect(formatDuration(seconds)).toBe(words);
});

test.each([
  [81, 225, "81 of 225 MB"],
  [1_536, 24_576, "1.5 of 24.0 GB"],
])("formatMemory() of %d and %d MB is %s", (used, total, words) => {
  expect(formatMemory(used * 2 ** 20, total * 2 ** 20)).toBe(words);
});
