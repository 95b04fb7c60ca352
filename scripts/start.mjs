// `npm start [-- --port 8080 --open]`: builds if needed, serves the demo page, prints the address.
import { spawn } from "node:child_process";
import { parseArgs } from "node:util";
import { buildIfNeeded } from "./build-if-needed.mjs";
import { serve, strictPolicy } from "./serve.mjs";

const { values } = parseArgs({ options: { port: { type: "string", default: "8080" }, open: { type: "boolean", default: false } } });
const port = Number(values.port);
if (!Number.isInteger(port) || port < 0 || port > 65535) {
  console.error(`--port ${values.port}: not a port number (0 to 65535; 0 takes any free one)`);
  process.exit(2);
}

buildIfNeeded();
const headers = { "content-security-policy": strictPolicy };
const { url } = await serve({ port, headers }).catch((error) => {
  if (error.code !== "EADDRINUSE") throw error;
  console.error(`port ${port} is taken; another one is used (choose with --port)`);
  return serve({ headers });
});
console.log(`lexiscope: ${url}/examples/   (Ctrl+C stops)`);
if (values.open) {
  const opener = { darwin: "open", win32: "start" }[process.platform] ?? "xdg-open";
  spawn(opener, [`${url}/examples/`], { stdio: "ignore", shell: process.platform === "win32" }).on("error", () => console.error(`cannot open a browser with ${opener}: open the address by hand`));
}
