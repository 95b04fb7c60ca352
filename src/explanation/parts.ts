/** Checks of the parts that explanations of several kinds have in common: a prediction, a method, a target. */
import { array, asFields, fail, integer, matching, number, numbers, object, record, string, type Check, oneOf } from "./check.js";

/** Labels, logits and probabilities of one length; no probabilities where the score is none. */
export const predicted: Check = (value, path) => {
  const fields = asFields(value, path);
  const prefix = path === "" ? "" : `${path}.`;
  array(string)(fields.labels, `${prefix}labels`);
  const count = (fields.labels as string[]).length;
  numbers(count, "one a label")(fields.logits, `${prefix}logits`);
  numbers((fields.probabilities as unknown[] | undefined)?.length === 0 ? 0 : count, "one a label", 0, 1)(fields.probabilities, `${prefix}probabilities`);
};

export const option: Check = (value, path) => {
  if (typeof value === "number") number()(value, path);
  else if (typeof value !== "string" && typeof value !== "boolean") fail(path, "a string, a finite number, true or false", value);
};

export const methodInfo: Check = (value, path) => object({ name: matching(/./s, "a method's name"), preset: string, options: record(option), seed: integer() })(value, path);

export const target: Check = (value, path) => {
  const label = { index: integer(0), label: string };
  object({ ...label, "contrast?": object(label), "scale?": oneOf("log-prob", "prob") })(value, path);
};
