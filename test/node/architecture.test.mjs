// Keeps the floors: a file imports from its own folder and from lower floors, never sideways, never up; no import cycles;
// the README shows this very table; onnxruntime-web is imported by the engine alone.
import assert from "node:assert/strict";
import { readFileSync, readdirSync, statSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** folder → floor; "" holds the entry files */
export const floors = {
  base: 0, color: 0,
  tensor: 1, explanation: 1, text: 1,
  onnx: 2, kernels: 2,
  graph: 3,
  anatomy: 4, autodiff: 4, lowering: 4, trees: 4,
  methods: 5,
  engine: 6,
  state: 7,
  elements: 8, cli: 8,
  "": 9,
};

const walk = (path) => (statSync(path).isDirectory() ? readdirSync(path).flatMap((name) => walk(join(path, name))) : [path]);
const files = walk(join(root, "src")).filter((path) => path.endsWith(".ts"));
const importsOf = (path) => {
  const text = readFileSync(path, "utf8").replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
  return [...text.matchAll(/(?:from\s+|import\s+|import\(\s*)["']([^"']+)["']/g)].map((match) => match[1]);
};
const folderOf = (path) => {
  const parts = relative(join(root, "src"), path).split(/[\\/]/);
  return parts.length === 1 ? "" : parts[0];
};
const targetOf = (path, specifier) => normalize(join(dirname(path), specifier)).replace(/\.js$/, ".ts");
const local = (path) => importsOf(path).filter((specifier) => specifier.startsWith("."));

test("every folder under src/ has a floor", () => {
  for (const path of files) assert.ok(folderOf(path) in floors, `${relative(root, path)} stands in a folder without a floor`);
});

test("imports go to the own folder or to a lower floor", () => {
  for (const path of files)
    for (const specifier of local(path)) {
      const from = folderOf(path);
      const to = folderOf(targetOf(path, specifier));
      assert.ok(from === to || floors[to] < floors[from], `${relative(root, path)} (floor ${floors[from]}) imports ${specifier} (${to || "entry"}, floor ${floors[to]})`);
    }
});

test("no import cycles", () => {
  const state = new Map();
  const visit = (path, trail) => {
    if (state.get(path) === "done") return;
    assert.notEqual(state.get(path), "open", `cycle: ${[...trail, path].map((file) => relative(root, file)).join(" → ")}`);
    state.set(path, "open");
    const runtimeImports = local(path).map((specifier) => targetOf(path, specifier)).filter((target) => files.includes(target));
    for (const target of runtimeImports) visit(target, [...trail, path]);
    state.set(path, "done");
  };
  for (const path of files) visit(path, []);
});

test("only the engine knows the runtime", () => {
  for (const path of files) {
    const knows = importsOf(path).some((specifier) => specifier.startsWith("onnxruntime"));
    assert.ok(!knows || folderOf(path) === "engine", `${relative(root, path)} imports onnxruntime-web`);
  }
});

test("the README's map shows every folder with its floor", () => {
  const readme = readFileSync(join(root, "README.md"), "utf8");
  for (const [folder, floor] of Object.entries(floors)) {
    if (folder) assert.match(readme, new RegExp(`\\| ${floor} \\|[^\\n]*\`src/${folder}/\``), `src/${folder}/ is not on floor ${floor} of the README's map`);
  }
});
