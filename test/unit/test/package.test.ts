import { expect, test } from "bun:test";
import packageJson from "../../../package.json";
import lock from "../../../package-lock.json";

test("npm asks nobody about install scripts: each is allowed or denied in package.json", () => {
  const locked = Object.entries(lock.packages).filter(([, each]) => "hasInstallScript" in each);
  const names = locked.map(([path]) => path.replace(/^.*node_modules\//, ""));
  expect(names).not.toEqual([]);
  expect(Object.keys(packageJson.allowScripts).toSorted()).toEqual(names.toSorted());
});
