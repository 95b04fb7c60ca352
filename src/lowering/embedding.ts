/**
 * com.microsoft EmbedLayerNormalization and QEmbedLayerNormalization: the word lookup comes out, so that gradients have something to be
 * taken by. Of integers it is what they stand for that is looked up. Source: onnxruntime docs/ContribOperators.md.
 */
import { floatAttribute } from "../onnx/attributes.js";
import type { Value } from "./builder.js";
import { type Lowering, refused, type Site } from "./lowering.js";

/** The three tables and the norm's parameters, as they are read. */
interface Tables {
  readonly mask: number;
  /** of the position ids; null: the operator has none */
  readonly given: number | null;
  /** makes floats of what comes from input `index` */
  readonly read: (site: Site, rows: Value, index: number) => Value;
}

const embed = ({ mask: maskInput, given: givenInput, read }: Tables): Lowering => (site) => {
  const { b, node, x, y, used } = site;
  const [mask, given] = [x(maskInput), givenInput === null ? "" : x(givenInput)];
  if (used(1) && mask === "") return refused("lengths without a mask");
  return () => {
    const [ids, segments, words, places, kinds, gamma, beta] = [0, 1, 2, 3, 4, 5, 6].map(x) as [string, string, string, string, string, string, string];
    const word = read(site, b.gather(words, ids), 2); // [batch, token, width]
    const length = (): string => b.reshape(b.extent(ids, 1), [1]);
    const place = read(site, given === "" ? b.slice(places, 0, 0, length()) : b.gather(places, given), 3); // [token, width], or for each text its own
    const sum = b.add(word, place, segments === "" && y(2) !== "" ? y(2) : undefined);
    const whole = segments === "" ? sum : b.add(sum, read(site, b.gather(kinds, segments), 4), y(2) || undefined);
    b.op("LayerNormalization", [whole, read(site, gamma, 5), read(site, beta, 6)], { axis: -1, epsilon: { float: floatAttribute(node, "epsilon", 1e-12) } }, y(0));
    if (y(1) !== "" && mask !== "") b.reduceSum(b.cast(mask, "int32"), [1], y(1)); // tokens of each text, [batch]
  };
};

export const embedLayerNormalization = embed({ mask: 7, given: 8, read: (_site, rows) => rows });

/** Scales stand six places behind their integers, zero points eleven. */
export const quantizedEmbedLayerNormalization = embed({
  mask: 7, given: null,
  read: ({ b, x }, rows, index) => b.op("DequantizeLinear", [rows, x(index + 6), x(index + 11)]),
});
