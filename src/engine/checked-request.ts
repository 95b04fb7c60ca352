/**
 * What programs without types hand to a model, checked once for every kind of question: a field's name means the same in all of them. Not the limits
 * that only a model knows (how many layers there are), which the kinds check themselves.
 */
import { LexiscopeError } from "../base/errors.js";

type Fields = Readonly<Record<string, unknown>>;

/** What a value must be, and whether it is. */
type Rule = readonly [must: string, holds: (value: unknown) => boolean];

const whole = (least: number, most: number): Rule => [`a whole number from ${least} to ${most}`, (value) => Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most];
const text: Rule = ["a string", (value) => typeof value === "string"];
const flag: Rule = ["true or false", (value) => typeof value === "boolean"];
const list: Rule = ["a list", (value) => Array.isArray(value)];
const record: Rule = ["an object", (value) => typeof value === "object" && !Array.isArray(value)];
const seed: Rule = ["a whole number", Number.isSafeInteger];

const rules: Readonly<Record<string, Rule>> = {
  text, textPair: text, target: text, to: text, method: text, preset: text, measure: text, template: text, slices: text, assert: text, label: text, positive: text, textColumn: text, labelColumn: text, textPairColumn: text, modelB: text,
  unit: ["word or token", (value) => value === "word" || value === "token"],
  options: record, features: record, background: list,
  layers: list, heads: list, methods: list, metrics: list, rationale: list,
  check: flag, compare: flag,
  seed, repeats: whole(1, 1000), maxFillings: whole(2, 1e6), minimum: whole(1, 1e9), prototypes: whole(0, 1000), criticisms: whole(0, 1000),
};

/** Kinds that are not of one text; and whatever is asked about a table's row, or about faithfulness over a corpus. */
const TEXTLESS: ReadonlySet<unknown> = new Set(["evaluation", "bias", "example-map"]);
const isTextless = ({ kind, features, corpus }: Fields): boolean => TEXTLESS.has(kind) || features !== undefined || (kind === "faithfulness" && corpus !== undefined);

const said = (value: unknown): string => (typeof value === "number" ? String(value) : (JSON.stringify(value) ?? String(value)));

function bad(message: string): LexiscopeError {
  return new LexiscopeError("bad-input", message, { phase: "request" });
}

/**
 * The request without what is absent (null, undefined), with a target that is a number written out, and with an empty text where none is asked
 * for. Throws `bad-input`, naming the field.
 */
export function checkedRequest<Request>(name: string, request: Request): Request;
export function checkedRequest(name: string, request: unknown): Fields {
  if (typeof request !== "object" || request === null) throw bad(`${name} takes an object such as { text: "…" }, not ${said(request)}`);
  const { target, ...others } = Object.fromEntries(Object.entries(request).filter(([, value]) => value !== null && value !== undefined)) as Fields;
  const fields: Fields = {
    ...(isTextless(others) && { text: "" }), ...others,
    ...(target !== undefined && { target: typeof target === "number" ? String(target) : target }),
  };
  if (fields["text"] === undefined) throw bad(`${name} needs a text: { text: "…" }`);
  for (const [field, value] of Object.entries(fields)) {
    const rule = Object.hasOwn(rules, field) ? rules[field] : undefined;
    if (rule && !rule[1](value)) throw bad(`${field} must be ${rule[0]}, not ${said(value)}`);
  }
  return fields;
}
