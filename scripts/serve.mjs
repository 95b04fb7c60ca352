// A small static server over the repository, for the demo page, the bench and the end-to-end tests. Loopback only.
// `/runtime/` is onnxruntime-web's dist folder: the place where the built library looks for it beside itself.
import { createReadStream, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize, sep } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));

const types = {
  ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".mjs": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
  ".json": "application/json", ".map": "application/json", ".wasm": "application/wasm", ".onnx": "application/octet-stream", ".svg": "image/svg+xml", ".png": "image/png", ".md": "text/markdown; charset=utf-8",
};

/** The policy that pages with lexiscope may always set; the demo is served with it. */
export const strictPolicy =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; img-src 'self' data: blob:; worker-src 'self'; base-uri 'none'; require-trusted-types-for 'script'; trusted-types lit-html lexiscope";

function fileOf(pathname) {
  const path = normalize(decodeURIComponent(pathname));
  if (path.split(sep).some((part) => part === ".." || part.startsWith("."))) return undefined;
  const file = path.startsWith("/runtime/") ? join(root, "node_modules/onnxruntime-web/dist", path.slice("/runtime/".length)) : join(root, path);
  try {
    return statSync(file).isDirectory() ? join(file, "index.html") : file;
  } catch {
    return undefined;
  }
}

/** @param {{port?: number, home?: string, headers?: Record<string, string>}} options port 0: any free one; home: where `/` leads */
export function serve({ port = 0, home = "/examples/", headers = {} } = {}) {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    if (pathname === "/") return response.writeHead(302, { location: home }).end();
    const file = fileOf(pathname);
    let size;
    try {
      size = file && statSync(file).size;
    } catch {
      size = undefined;
    }
    if (size === undefined) return response.writeHead(404, { "content-type": "text/plain" }).end("not found");
    response.writeHead(200, { "content-type": types[extname(file)] ?? "application/octet-stream", "content-length": size, "cache-control": "no-cache", "x-content-type-options": "nosniff", ...headers });
    if (request.method === "HEAD") return response.end();
    return createReadStream(file).pipe(response);
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve({ server, url: `http://127.0.0.1:${server.address().port}` }));
  });
}
