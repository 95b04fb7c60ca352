// Writes the stored explanations of the stories: the built-in model's own, computed in Node on wasm, numbers cut to five digits. What a story shows is
// so what a page would show. Run after npm run build: node stories/data/make-explanations.mjs
// Beside it: make-evaluation.mjs (a data set by a seeded rule), make-arabic.mjs (made up).
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const { loadModel } = await import(fileURLToPath(new URL("../../dist/index.js", import.meta.url)));

const english = { text: "The plot drags, but the acting saves it." };
const chinese = { text: "剧情拖沓，但演员很出色。" };
const dull = { text: "It was a film." }; // no word decides: rankings are no better than chance
const pair = { text: "The plot drags.", textPair: "The acting saves it." };
const attribution = { kind: "attribution", method: "integrated-gradients", target: "positive" };

const files = {
  "attention.json": { kind: "attention", layer: 1, head: 0, ...english },
  "attention-chinese.json": { kind: "attention", layer: 1, head: 0, ...chinese },
  "attention-formula.json": { kind: "attention-formula", layer: 1, head: 0, ...english },
  "attention-formula-chinese.json": { kind: "attention-formula", layer: 1, head: 0, ...chinese },
  "attention-heads.json": { kind: "attention-heads", ...english },
  "attention-heads-chinese.json": { kind: "attention-heads", ...chinese },
  "attention-heads-pair.json": { kind: "attention-heads", ...pair },
  "attribution.json": { ...attribution, ...english },
  "attribution-chinese.json": { ...attribution, ...chinese },
  "attribution-sampled.json": { ...attribution, method: "kernel-shap", ...english },
  "attribution-parts.json": { ...attribution, method: "partition-shap", ...english },
  "bias.json": { kind: "bias", text: "", template: "{The man|The woman|他|她} said the {film|plot|acting|ending} was {good|dull}.", target: "positive" },
  "counterfactuals.json": { kind: "counterfactuals", ...english },
  "counterfactuals-chinese.json": { kind: "counterfactuals", ...chinese },
  "examples.json": { kind: "examples", corpus: "reviews", ...english },
  "examples-chinese.json": { kind: "examples", corpus: "reviews", ...chinese },
  "examples-influence.json": { kind: "examples", corpus: "reviews", by: "tracin", ...english },
  "example-map.json": { kind: "example-map", corpus: "reviews", text: "" },
  "faithfulness.json": { kind: "faithfulness", ...english },
  "faithfulness-chinese.json": { kind: "faithfulness", ...chinese },
  "faithfulness-chance.json": { kind: "faithfulness", ...dull },
  "prediction.json": { kind: "prediction", ...english },
  "summary.json": { kind: "summary", method: "integrated-gradients", ...english },
  "summary-chinese.json": { kind: "summary", method: "integrated-gradients", ...chinese },
  "summary-chance.json": { kind: "summary", method: "integrated-gradients", ...dull },
};

const short = (_, value) => (typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(5)) : ArrayBuffer.isView(value) ? Array.from(value) : value);
const model = await loadModel("sentiment", { backend: "wasm" });
const wanted = process.argv.slice(2); // all of them when none is named
for (const [name, request] of Object.entries(files)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  writeFileSync(new URL(name, import.meta.url), `${JSON.stringify(await model.explain(request), short)}\n`);
  console.log(name);
}
await model.dispose();
