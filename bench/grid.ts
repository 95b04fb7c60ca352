/** All thumbnails of a model with 12 × 12 heads at 128 tokens, as the grid of heads asks for them, against the plain forward pass; painting them is not in it. */
import { loadModel } from "../src/engine/load-model.js";
import { configure } from "../src/engine/locations.js";
import type { AttentionHeadsExplanation } from "../src/explanation/types.js";
import { median } from "./median.mjs";
import { modelFolder } from "./model-folder.js";
import { miniLm, randomEncoder } from "./random-encoder.js";
import { times } from "./settings.js";
import { plainSession } from "./subject.js";
import { textOfTokens } from "./texts.js";

/** As `attention-grid` asks. */
const SIDE = 64;
configure({ threads: 1 });
const bytes = randomEncoder({ ...miniLm, layers: 12, heads: 12, width: 192, inner: 768, vocabulary: 8000 });
const model = await loadModel(modelFolder(bytes), { backend: "wasm" });
const run = await plainSession(bytes, 1);
const text = await textOfTokens(model, 128);
const ids = (await model.tokenize({ text })).map(({ id }) => id);

const contenders = {
  plain: () => run([ids]),
  prediction: () => model.predict({ text }),
  grid: () => model.explain({ kind: "attention-heads", text, side: SIDE }),
};
type Name = keyof typeof contenders;
const taken: Record<Name, number[]> = { plain: [], prediction: [], grid: [] };
let found: AttentionHeadsExplanation | undefined;
for (let round = -2; round < times(21); round++)
  for (const [name, work] of Object.entries(contenders) as [Name, () => Promise<unknown>][]) {
    const begun = performance.now();
    const answer = await work();
    if (name === "grid") found = answer as AttentionHeadsExplanation;
    if (round >= 0) taken[name].push(performance.now() - begun);
  }
const ratio = (a: Name, b: Name): number => median(taken[a].map((time, round) => time / taken[b][round]!));
await model.dispose();
console.log(JSON.stringify([{
  heads: found!.maps.length, tokens: ids.length, "thumbnail's side": found!.side, "plain, ms": median(taken.plain), "grid, ms": median(taken.grid),
  "prediction ÷ plain": ratio("prediction", "plain"), "grid ÷ plain": ratio("grid", "plain"), "grid ÷ prediction": ratio("grid", "prediction"),
}]));
process.exit(0);
