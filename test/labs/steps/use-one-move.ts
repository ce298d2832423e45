import { afterAll, afterEach, beforeAll } from "bun:test";
import { OneMove } from "./one-move.ts";

/** What each test of a file has: nodes for one move, which are settled behind each test. For the top of the file. */
export function useOneMove(): () => OneMove {
  let move: OneMove | undefined;
  beforeAll(async () => {
    move = await OneMove.start();
  }, 120_000);
  afterEach(async () => await move?.settle());
  afterAll(async () => await move?.stop());
  return () => move!;
}
