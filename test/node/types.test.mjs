// What the package declares compiles in a program that has neither @webgpu/types nor Node's types beside it. Needs dist/ (npm run build).
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const dist = fileURLToPath(new URL("../../dist/", import.meta.url));

test("the declarations need no WebGPU types", () => {
  const roots = ts.sys.readDirectory(dist, [".d.ts"]).filter((file) => !/\/cli\//.test(file)); // the command runs in Node
  assert.ok(roots.some((file) => file.endsWith("dist/index.d.ts")) && roots.some((file) => file.endsWith("kernels/dispatch.d.ts")), "no dist: run npm run build");
  const options = { noEmit: true, strict: true, types: [], target: ts.ScriptTarget.ES2022, lib: ["lib.es2023.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"], module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler };
  const program = ts.createProgram(roots, options);
  assert.ok(!program.getSourceFiles().some(({ fileName }) => fileName.includes("@webgpu/types")), "WebGPU types came in after all: the test proves nothing");
  const problems = ts.getPreEmitDiagnostics(program).filter(({ file }) => !file || file.fileName.startsWith(dist));
  assert.deepEqual(problems.map(({ file, messageText }) => `${file?.fileName.slice(dist.length)}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`), []);
});
