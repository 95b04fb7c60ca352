// Finds a Chromium that is already there: CHROME_PATH, then the usual places. Installing one is scripts/ensure-browser.mjs.
import { accessSync, constants } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
const places = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];

function runs(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** @returns {string | undefined} the path of a browser, or undefined when none is installed */
export function findBrowser() {
  const given = process.env.CHROME_PATH;
  if (given) return given;
  const onPath = (process.env.PATH ?? "").split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
  const cached = join(homedir(), ".cache", "lexiscope", "chrome");
  return [...onPath, ...places, cached].find(runs);
}
