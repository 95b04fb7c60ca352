// The README's test command: finds or installs a browser, builds, runs the browser tests and the Node tests.
// `npm test -- test/onnx/*.test.ts` runs only those browser tests.
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { ensureBrowser } from "./ensure-browser.mjs";
import { buildIfNeeded } from "./build-if-needed.mjs";

const browser = await ensureBrowser();
buildIfNeeded();
const environment = { ...process.env, CHROME_PATH: browser };
const files = process.argv.slice(2);
const run = (command, args) => spawnSync(command, args, { stdio: ["ignore", "inherit", "inherit"], env: environment }).status ?? 1;

const nodeTests = readdirSync("test/node").filter((name) => name.endsWith(".test.mjs")).map((name) => `test/node/${name}`);
const inNode = files.length === 0 ? run(process.execPath, ["--test", "--test-concurrency=1", ...nodeTests]) : 0;
const inBrowser = run(process.execPath, ["node_modules/@web/test-runner/dist/bin.js", ...(files.length ? ["--files", ...files] : [])]);
process.exit(inNode || inBrowser);
