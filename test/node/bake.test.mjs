// `lexiscope bake`: explanations go into the page, and nothing else changes.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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

const texts = ["the film was good", "the day was not good", "not a good film", "a good day", "the film was not good", "the day"];
const rows = `text,label,lang\n${texts.map((text, row) => `${text},${["negative", "neutral", "positive"][row % 3]},${row % 2 ? "en" : "xx"}`).join("\n")}\n`;
const on = `model="${model}" text="the film was not good"`;
/** One of each element that asks a model, by its tag. */
const asking = {
  "attention-formula": `<attention-formula ${on} layer="1" head="0"></attention-formula>`,
  "attention-grid": `<attention-grid ${on}></attention-grid>`,
  "attention-heatmap": `<attention-heatmap ${on} measure="rollout"></attention-heatmap>`,
  "attention-lines": `<attention-lines ${on} heads="0, 1"></attention-lines>`,
  "bias-probe": `<bias-probe model="${model}" template="the {film|day} was {good|not good}" target="positive"></bias-probe>`,
  "counterfactual-list": `<counterfactual-list ${on} methods="ablation" budget="20"></counterfactual-list>`,
  "example-map": `<example-map model="${model}" corpus="corpus.csv"></example-map>`,
  "explanation-summary": `<explanation-summary ${on}></explanation-summary>`,
  "faithfulness-report": `<faithfulness-report ${on} methods="gradient-x-input" rankings="3"><script type="application/rationale+json">["not good"]</script></faithfulness-report>`,
  "model-metrics": `<model-metrics model="${model}" minimum="2"><script type="text/csv">${rows}</script></model-metrics>`,
  "prediction-bars": `<prediction-bars ${on}></prediction-bars>`,
  "saliency-bars": `<saliency-bars ${on}></saliency-bars>`,
  "saliency-text": `<saliency-text ${on} method="occlusion"></saliency-text>`,
  "similar-examples": `<similar-examples ${on} corpus="corpus.csv" count="2"></similar-examples>`,
};

test("every element's request bakes; vectors lie beside the corpus, by model, and their element names them", () => {
  const elements = readdirSync(join(root, "src/elements"), { withFileTypes: true }).filter((each) => each.isDirectory() && !["shared", "lexi-scope"].includes(each.name)).map(({ name }) => name);
  assert.deepEqual(Object.keys(asking).sort(), elements.sort());
  writeFileSync(join(folder, "corpus.csv"), rows);
  const written = Object.values(asking).join("\n");
  writeFileSync(path, written);
  const { status, stdout, stderr } = lexiscope("bake", path);
  assert.equal(status, 0, stderr);
  const baked = readFileSync(path, "utf8");
  const found = new Map(stored(baked));
  assert.deepEqual([...found.keys()].sort(), elements);
  assert.equal(baked.replace(/ explanation="[^"]*"| vectors="[^"]*"/g, ""), written);
  assert.doesNotMatch(baked, /dist-bake-test/);
  assert.equal(found.get("example-map").corpus.reference, "corpus.csv");
  assert.equal(found.get("similar-examples").corpus.reference, "corpus.csv");
  assert.ok(found.get("similar-examples").examples.length >= 2);
  assert.equal(found.get("bias-probe").fillings.length, 4);
  assert.equal(found.get("model-metrics").data.rows, 6);
  assert.ok("rationale-f1" in found.get("faithfulness-report").methods[0].values);

  assert.equal(baked.match(/ vectors="corpus\.csv\.bert\.vectors"/g).length, 2);
  assert.match(stdout, /vectors in corpus\.csv\.bert\.vectors/);
  const file = readFileSync(join(folder, "corpus.csv.bert.vectors"));
  const head = JSON.parse(file.subarray(0, file.indexOf(10)));
  assert.deepEqual([head.format, head.pooling, head.rows, head.missing], ["lexiscope-vectors-1", "mean", 6, []]);
  assert.equal(head.model, found.get("example-map").provenance.modelHash);
  assert.equal(file.length, file.indexOf(10) + 1 + 6 * (4 * head.labels + 2 * (head.width + head.featureWidth)));
});

test("a text is no need of a map, of a table's row and of a probe by pairs; rows inside of an element bake with a mark of what they are", () => {
  const row = { f0: 0.5, f1: 1 };
  writeFileSync(join(folder, "pairs.json"), JSON.stringify([["a good film", "a good day"], ["the film was good", "the day was good"]]));
  writeFileSync(path, `<bias-probe model="${model}" pairs="pairs.json" method="none"></bias-probe>
<lexi-scope model="${model}" text="a good day"><similar-examples layer="-1" pooling="class"><script type="text/csv">${rows}</script></similar-examples></lexi-scope>
<saliency-bars model="../test/fixtures/trees/nowhere.onnx" features='${JSON.stringify(row)}'></saliency-bars>
<example-map model="${model}" corpus="corpus.csv" layer="0" pooling="class" vectors="own.bin"></example-map>
<similar-examples ${on} by="magic"></similar-examples>`);
  const { status, stderr } = lexiscope("bake", path);
  assert.equal(status, 1);
  assert.match(stderr, /stored 3, failed 2/);
  assert.match(stderr, /line 10: <saliency-bars>: .*nowhere\.onnx/);
  assert.match(stderr, /line 12: <similar-examples>: by="magic": similarity, influence, tracin, representer/);
  const [[, bias], [, examples], [, map]] = stored(readFileSync(path, "utf8"));
  assert.equal(bias.fillings.length, 4);
  assert.deepEqual([examples.corpus.reference, examples.space.layer, examples.space.pooling, typeof examples.corpus.revision], ["inline.csv", -1, "class", "string"]);
  assert.equal(map.examples.length, 6);
  assert.ok(existsSync(join(folder, "own.bin")));
  assert.deepEqual(JSON.parse(readFileSync(join(folder, "own.bin")).toString("latin1").split("\n", 1)[0]).layer, 0);
});
