/** The methods that need no gradient: occlusion, and differences along directions made on the device. */
import { randomSign } from "../../base/hash.js";
import { approximateGradient } from "../../methods/approximate-gradient.js";
import { stepFor, type DirectionalDifferences } from "../../methods/directions.js";
import { occlusion } from "../../methods/occlusion.js";
import { score } from "../../methods/target.js";
import { unitDifferences } from "../../methods/unit-differences.js";
import { filledIds, type Method, type Subject } from "../subject.js";
import { normaliseOf, predictEmbeddings, predictIds, repeat, units, type BaselineName } from "./features.js";

/** Directional differences with the directions made on the device. */
function deviceDirections<B>(subject: Subject<B>, input: Float32Array): DirectionalDifferences {
  const { runner, row, position, target } = subject;
  const { kernels } = runner;
  const [tokens, width] = [row.ids.length, runner.width];
  const step = stepFor(input, subject.options["step"] as number);
  const predicted = async (count: number, delta: { array: B } | undefined, signal: AbortSignal | undefined) =>
    (await runner.scores({ rows: repeat(row, count), positions: repeat(position, count), delta, signal })).map((each) => score(each, target));
  return {
    units: { count: tokens, width },
    step,
    async value(signal) {
      return (await predicted(1, undefined, signal))[0]!;
    },
    async sample(first, count, signal) {
      const delta = kernels.directions(subject.seed, first, count, input.length, step);
      try {
        const values = await predicted(count, { array: delta }, signal);
        return { values, products: Array.from({ length: count }, (_, index) => signedSums(input, tokens, width, subject.seed, first + index)) };
      } finally {
        kernels.release(delta);
      }
    },
  };
}

/** Σ over a token's features of direction · input, the directions by the same hash as on the device. */
function signedSums(input: Float32Array, tokens: number, width: number, seedNumber: number, direction: number): number[] {
  return Array.from({ length: tokens }, (_, token) => {
    let total = 0;
    for (let feature = token * width; feature < (token + 1) * width; feature++) total += randomSign(seedNumber, direction, feature) * input[feature]!;
    return total;
  });
}

type ForwardName = "approximate-gradient" | "occlusion";

export const forward: Readonly<Record<ForwardName, Method>> = {
  "approximate-gradient": async (subject) => {
    const embeddings = await subject.runner.embeddings(subject.row, subject.run.signal);
    const { run, options, seed, onPartial } = subject;
    if (options["along"] === "random") {
      const memory = subject.recall(["directions", seed, options["step"]]);
      return approximateGradient(deviceDirections(subject, embeddings), { ...run, onPartial, memory, directions: options["directions"] as number });
    }
    return unitDifferences(predictEmbeddings(subject, embeddings), embeddings, units(subject), { ...run, relativeStep: options["step"] as number });
  },
  occlusion: async (subject) => {
    const { options, run, row } = subject;
    const how = { ...run, window: options["window"] as number, stride: options["stride"] as number, normalise: normaliseOf(subject) };
    const baseline = options["baseline"] as BaselineName;
    if (baseline !== "zero") return occlusion(predictIds(subject), row.ids, filledIds(subject, baseline), { count: row.ids.length, width: 1 }, how);
    const embeddings = await subject.runner.embeddings(row, run.signal);
    return occlusion(predictEmbeddings(subject, embeddings), embeddings, new Float32Array(embeddings.length), units(subject), how);
  },
};
