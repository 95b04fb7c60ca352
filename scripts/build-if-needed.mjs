// Builds dist/ and cdn/ when they are missing or older than a source file.
import { spawnSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

const newest = (path) => {
  const stat = statSync(path);
  return stat.isDirectory() ? Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name)))) : stat.mtimeMs;
};

function isFresh() {
  try {
    const built = Math.min(statSync("dist/index.js").mtimeMs, statSync("cdn/lexiscope.js").mtimeMs);
    return built > Math.max(newest("src"), newest("rollup.config.mjs"), newest("package.json"));
  } catch {
    return false;
  }
}

/** Ends the process when the build fails. */
export function buildIfNeeded() {
  if (isFresh()) return;
  const { status } = spawnSync("npm", ["run", "--silent", "build"], { stdio: ["ignore", "inherit", "inherit"], shell: process.platform === "win32" });
  if (status !== 0) process.exit(status ?? 1);
}
