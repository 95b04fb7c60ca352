// Makes sure that a Chromium can be started: finds one, or installs one (Debian's package as root, else @puppeteer/browsers), or says what to do.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { findBrowser } from "./find-browser.mjs";

const run = (command, args) => execFileSync(command, args, { stdio: ["ignore", "inherit", "inherit"], env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } });

function installFromApt() {
  run("apt-get", ["update", "-qq"]);
  run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "chromium"]);
}

/** Leaves the browser where findBrowser looks: ~/.cache/lexiscope/chrome */
async function installFromPuppeteer() {
  const { Browser, computeExecutablePath, detectBrowserPlatform, install, resolveBuildId } = await import("@puppeteer/browsers");
  const cacheDir = join(homedir(), ".cache", "lexiscope", "browsers");
  const buildId = await resolveBuildId(Browser.CHROME, detectBrowserPlatform(), "stable");
  await install({ browser: Browser.CHROME, buildId, cacheDir });
  const link = join(homedir(), ".cache", "lexiscope", "chrome");
  mkdirSync(dirname(link), { recursive: true });
  rmSync(link, { force: true });
  symlinkSync(computeExecutablePath({ browser: Browser.CHROME, buildId, cacheDir }), link);
}

/** @returns {Promise<string>} the browser's path; ends the process with one line of advice when there is none to be had */
export async function ensureBrowser() {
  const ways = [];
  if (!findBrowser() && existsSync("/usr/bin/apt-get") && process.getuid?.() === 0) ways.push(installFromApt);
  if (!findBrowser()) ways.push(installFromPuppeteer);
  for (const install of ways) {
    if (findBrowser()) break;
    try {
      await install();
    } catch (error) {
      console.error(`${install.name} failed: ${error.message.split("\n")[0]}`);
    }
  }
  const browser = findBrowser();
  if (browser) return browser;
  console.error("no browser found: install Chrome or Chromium, or set CHROME_PATH to one, then run this again");
  return process.exit(1);
}
