// Tests run in one Chromium, with WebGPU (SwiftShader where there is no GPU). The browser is found by scripts/find-browser.mjs.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defaultReporter } from "@web/test-runner";
import { chromeLauncher } from "@web/test-runner-chrome";
import { build } from "esbuild";
import { esbuildPlugin } from "@web/dev-server-esbuild";
import { countReporter } from "./scripts/count-reporter.mjs";
import { findBrowser } from "./scripts/find-browser.mjs";

const root = fileURLToPath(new URL(".", import.meta.url));

/** A worker is named by the file it becomes (`worker.js`); in the sources it is still `worker.ts`. */
const sourceOfWorker = {
  name: "source-of-worker",
  serve(context) {
    if (!context.path.startsWith("/src/") || !context.path.endsWith(".js")) return undefined;
    const source = context.path.replace(/\.js$/, ".ts");
    if (existsSync(root + context.path.slice(1)) || !existsSync(root + source.slice(1))) return undefined;
    return { body: `export * from "${source}";`, type: "js" };
  },
};

/** The only library without ES modules comes as one, as a bundler would make it. */
const umapAsModule = {
  name: "umap-as-module",
  async serve(context) {
    if (!context.path.endsWith("/node_modules/umap-js/dist/index.js")) return undefined;
    const { outputFiles } = await build({ entryPoints: [`${root}node_modules/umap-js/dist/index.js`], bundle: true, format: "esm", write: false, logLevel: "error" });
    return { body: outputFiles[0].text, type: "js" };
  },
};

export default {
  files: ["test/**/*.test.ts", "!test/node/**"],
  rootDir: ".",
  concurrency: 1,
  reporters: [defaultReporter({ reportTestResults: true, reportTestProgress: false }), countReporter()],
  nodeResolve: { exportConditions: ["browser"] },
  plugins: [sourceOfWorker, umapAsModule, esbuildPlugin({ ts: true, tsconfig: fileURLToPath(new URL("./tsconfig.json", import.meta.url)) })],
  browsers: [
    chromeLauncher({
      launchOptions: {
        executablePath: findBrowser(),
        args: [
          "--no-sandbox", "--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader", "--enable-features=Vulkan",
          "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
        ],
      },
    }),
  ],
  browserStartTimeout: 120_000,
  testsStartTimeout: 120_000,
  testsFinishTimeout: 600_000,
  testFramework: { config: { timeout: 60_000 } },
};
