/**
 * com.microsoft EmbedLayerNormalization: the word lookup comes out, so that gradients have something to be taken by.
 * Source: onnxruntime docs/ContribOperators.md.
 */
import { floatAttribute } from "../onnx/attributes.js";
import { type Lowering, refused } from "./lowering.js";

export const embedLayerNormalization: Lowering = ({ b, node, x, y, used }) => {
  if (used(1) && x(7) === "") return refused("lengths without a mask");
  return () => {
    const [ids, segments, words, places, kinds, gamma, beta, mask, given] = [0, 1, 2, 3, 4, 5, 6, 7, 8].map(x) as [string, string, string, string, string, string, string, string, string];
    const word = b.gather(words, ids); // [batch, token, width]
    const length = (): string => b.reshape(b.extent(ids, 1), [1]);
    const place = given === "" ? b.slice(places, 0, 0, length()) : b.gather(places, given); // [token, width], or for each text its own
    const sum = b.add(word, place, segments === "" && y(2) !== "" ? y(2) : undefined);
    const whole = segments === "" ? sum : b.add(sum, b.gather(kinds, segments), y(2) || undefined);
    b.op("LayerNormalization", [whole, gamma, beta], { axis: -1, epsilon: { float: floatAttribute(node, "epsilon", 1e-12) } }, y(0));
    if (y(1) !== "" && mask !== "") b.reduceSum(b.cast(mask, "int32"), [1], y(1)); // tokens of each text, [batch]
  };
};
