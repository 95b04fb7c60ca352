// Everything that must be green before a change is shared: types, lint, fresh manifest and documents, tests, package checks, size budgets.
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { measureSizes } from "./sizes.mjs";

const failures = [];
function step(name, passes) {
  console.log(`\n── ${name}`);
  if (!passes()) failures.push(name);
}
const run = (command, ...args) => spawnSync(command, args, { stdio: "inherit", shell: process.platform === "win32" }).status === 0;

function manifestIsFresh() {
  const before = readFileSync("custom-elements.json", "utf8");
  const made = run("npm", "run", "--silent", "manifest");
  const fresh = readFileSync("custom-elements.json", "utf8") === before;
  if (!fresh) {
    writeFileSync("custom-elements.json", before);
    console.error("custom-elements.json is stale: run npm run manifest and commit it");
  }
  return made && fresh;
}

async function sizesHold() {
  const rows = await measureSizes();
  console.table(rows);
  return rows.every((row) => row.gzipped <= row.budget);
}

step("build", () => run("npm", "run", "--silent", "build"));
step("types", () => run("npm", "run", "--silent", "types"));
step("lint", () => run("npm", "run", "--silent", "lint"));
step("manifest", manifestIsFresh);
step("tests", () => run("npm", "test", "--silent"));
step("publint", () => run("npx", "--no-install", "publint", "--strict"));
step("are the types wrong", () => run("npx", "--no-install", "attw", "--pack", ".", "--profile", "esm-only"));
const sized = await sizesHold();
step("size budgets", () => sized);

console.log(failures.length ? `\nfailed: ${failures.join(", ")}` : "\nall checks passed");
process.exit(failures.length ? 1 : 0);
