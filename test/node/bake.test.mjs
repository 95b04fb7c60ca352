// `lexiscope bake`: explanations go into the page, and nothing else changes.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { parse } from "parse5";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = join(root, "dist-bake-test"); // inside the package, so that onnxruntime-web is found
const path = join(folder, "page.html");
const model = "../test/engine/fixtures/bert/";
const page = `<!doctype html>
<title>a page</title>
<attention-heatmap model="${model}" text="not &quot;good&quot; &amp; <b>" layer="1" head="2"><p>fallback</p></attention-heatmap>
<lexi-scope id="far" model="${model}" text="the film was not good">
  <saliency-text method="gradient-x-input" target="positive"></saliency-text>
  <saliency-bars src="stored.json"></saliency-bars>
</lexi-scope>
<prediction-bars for="far"></prediction-bars>
<prediction-bars>no model, no text</prediction-bars>
`;

before(async () => {
  mkdirSync(folder, { recursive: true });
  await build({ entryPoints: [join(root, "src/cli/main.ts")], bundle: true, platform: "node", format: "esm", outfile: join(folder, "main.mjs"), external: ["onnxruntime-web"], logLevel: "error" });
});
after(() => rmSync(folder, { recursive: true }));

const lexiscope = (...args) => spawnSync(process.execPath, [join(folder, "main.mjs"), ...args], { encoding: "utf8", cwd: root });

function stored(html) {
  const found = [];
  const visit = (node) => {
    const attribute = node.attrs?.find(({ name }) => name === "explanation");
    if (attribute) found.push([node.tagName, JSON.parse(attribute.value)]);
    for (const child of node.childNodes ?? []) visit(child);
  };
  visit(parse(html));
  return found;
}

test("stores what each element asks, inherited or named scopes included; the rest of the page stays; a second run changes nothing", () => {
  writeFileSync(path, page);
  const { status, stdout, stderr } = lexiscope("bake", path);
  assert.equal(status, 0, stderr);
  assert.match(stdout, /^stored 3 in /);
  const baked = readFileSync(path, "utf8");
  assert.equal(baked.replace(/ explanation="[^"]*"/g, ""), page);
  const [[, attention], [, attribution], [, prediction]] = stored(baked);
  assert.deepEqual(stored(baked).map(([tag]) => tag), ["attention-heatmap", "saliency-text", "prediction-bars"]);
  assert.deepEqual([attention.kind, attention.layer, attention.head, attention.input.text], ["attention", 1, 2, 'not "good" & <b>']);
  assert.deepEqual([attribution.method.name, attribution.target.label], ["gradient-x-input", "positive"]);
  assert.equal(prediction.input.text, "the film was not good");
  assert.equal(prediction.model.reference, model);
  assert.equal(lexiscope("bake", path).status, 0);
  assert.equal(readFileSync(path, "utf8"), baked);
});

test("what fails is named by line and left as it was; the rest is stored", () => {
  const broken = `<saliency-bars model="./nowhere/" text="x"></saliency-bars>\n<attention-heatmap model="${model}" text="x" layer="last"></attention-heatmap>\n<prediction-bars model="${model}" text="good"></prediction-bars>\n`;
  writeFileSync(path, broken);
  const out = join(folder, "out.html");
  const { status, stderr } = lexiscope("bake", path, "--out", out);
  assert.equal(status, 1);
  assert.match(stderr, /stored 1, failed 2/);
  assert.match(stderr, /line 1: <saliency-bars>: .*nowhere/);
  assert.match(stderr, /line 2: <attention-heatmap>: layer="last": a whole number, mean or max/);
  assert.equal(readFileSync(path, "utf8"), broken);
  assert.deepEqual(stored(readFileSync(out, "utf8")).map(([tag]) => tag), ["prediction-bars"]);
});

test("a missing page, and no page", () => {
  assert.equal(lexiscope("bake", join(folder, "none.html")).status, 1);
  assert.equal(lexiscope("bake").status, 2);
});

test("an evaluation is stored without a text, its data named from the page", () => {
  const words = ["the", "film", "was", "not", "good", "day"];
  writeFileSync(join(folder, "rows.csv"), `text,label\n${Array.from({ length: 30 }, (_, row) => `${words[row % 6]} ${words[(row * 5 + 1) % 6]},${["negative", "neutral", "positive"][row % 3]}`).join("\n")}\n`);
  writeFileSync(path, `<model-metrics model="${model}" data="rows.csv" slices="length" assert="accuracy >= 0" model-b="${model}" minimum="5"></model-metrics>\n`);
  const { status, stderr } = lexiscope("bake", path);
  assert.equal(status, 0, stderr);
  const [[tag, explanation]] = stored(readFileSync(path, "utf8"));
  assert.equal(tag, "model-metrics");
  assert.equal(explanation.data.rows, 30);
  assert.equal(explanation.data.source, "rows.csv");
  assert.equal(explanation.options.slices, "length");
  assert.equal(explanation.comparison.model.reference, model);
  assert.doesNotMatch(JSON.stringify(explanation), /dist-bake-test/);
});
