import { expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { removeRemains } from "../../../../cluster/migration/criu-remains.ts";

test("removeRemains() takes empty folders of criu alone, and needs no /tmp", () => {
  const root = mkdtempSync(join(tmpdir(), "remains-"));
  try {
    removeRemains(root);
    for (const name of [
      ".criu.move_mount_set_group.bLcmt3",
      ".criu.used.aaaaaa",
      ".criu.mine",
      "criu.a.bcdefg",
    ])
      mkdirSync(join(root, "tmp", name), { recursive: true });
    writeFileSync(join(root, "tmp/.criu.used.aaaaaa/file"), "");
    removeRemains(root);
    expect(readdirSync(join(root, "tmp")).sort()).toEqual([
      ".criu.mine",
      ".criu.used.aaaaaa",
      "criu.a.bcdefg",
    ]);
  } finally {
    rmSync(root, { recursive: true });
  }
});
