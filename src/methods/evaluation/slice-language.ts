/**
 * The language of slices: `lang, length, contains(不|not), source × lang, lang=zh`. It only reads; what rows a rule takes is `slicing.ts`.
 *
 * Rules are set apart by commas; the factors of a rule by × (or `*`, or a lone x). A factor is a feature (one slice for each of its values), a
 * feature compared with a value (= != < <= > >=), or contains(a|b). Names and values with other signs in them stand in "quotes".
 */
import { LexiscopeError } from "../../base/errors.js";

export type Operator = "=" | "!=" | "<" | "<=" | ">" | ">=";

export type Factor =
  | { readonly kind: "values"; readonly feature: string }
  | { readonly kind: "compare"; readonly feature: string; readonly operator: Operator; readonly value: string }
  | { readonly kind: "contains"; readonly terms: readonly string[] };

/** Factors crossed. */
export type SliceRule = readonly Factor[];

const bad = (text: string, why: string): LexiscopeError => new LexiscopeError("bad-input", `cannot read the slice "${text}": ${why}; write e.g. lang, length, contains(not|never), source × lang, lang=zh`, { phase: "request" });

/** Cuts at `separator` where it stands in no quotes and no parentheses. Empty pieces stay. */
export function cutOutside(text: string, separator: RegExp): string[] {
  const pieces: string[] = [];
  let [depth, quoted, start] = [0, false, 0];
  const sticky = new RegExp(separator.source, "uy");
  for (let at = 0; at < text.length; at++) {
    const sign = text[at];
    if (sign === '"') quoted = !quoted;
    else if (quoted) continue;
    else if (sign === "(") depth++;
    else if (sign === ")") depth--;
    else if (depth === 0) {
      sticky.lastIndex = at;
      const found = sticky.exec(text);
      if (!found) continue;
      pieces.push(text.slice(start, at));
      start = at + found[0].length;
      at = start - 1;
    }
    if (depth < 0) break;
  }
  if (quoted) throw bad(text, "a quote is not closed");
  if (depth !== 0) throw bad(text, depth > 0 ? "a parenthesis is not closed" : "a parenthesis closes nothing");
  return [...pieces, text.slice(start)].map((piece) => piece.trim());
}

const CROSS = /×|\*|\s[xX](?=\s)/;
const unquoted = (text: string): string => (/^"[^"]*"$/u.test(text) ? text.slice(1, -1) : text);

function factorOf(text: string): Factor {
  if (text === "") throw bad(text, "nothing is named");
  const contains = /^contains\s*\(([\s\S]*)\)$/iu.exec(text);
  if (contains) {
    const terms = cutOutside(contains[1] as string, /\|/).map(unquoted);
    if (terms.some((term) => term === "")) throw bad(text, "contains() needs words");
    return { kind: "contains", terms };
  }
  const [first = "", ...rest] = cutOutside(text, /!=|<=|>=|=|<|>/);
  if (first === "" || rest.length > 1) throw bad(text, first === "" ? "no feature is named" : "more than one comparison");
  const feature = unquoted(first);
  if (first === feature && /[()|;]/u.test(feature)) throw bad(text, "there is no such function; only contains() is known");
  if (rest.length === 0) return { kind: "values", feature };
  const value = unquoted(rest[0] as string);
  const operator = /^(?:!=|<=|>=|=|<|>)/u.exec(text.slice(text.indexOf(first) + first.length).trim())![0] as Operator;
  if (value === "") throw bad(text, "no value is given");
  if (!["=", "!="].includes(operator) && !Number.isFinite(Number(value))) throw bad(text, `"${value}" is not a number`);
  return { kind: "compare", feature, operator, value };
}

/** The rules of a `slices` attribute; none for an empty one. Throws `bad-input`. */
export function parseSlices(text: string): SliceRule[] {
  if (text.trim() === "") return [];
  return cutOutside(text, /,|，/).map((rule) => cutOutside(rule, CROSS).map(factorOf));
}

/** The rule between the parentheses of `slice(…)`: conditions that all hold. Throws `bad-input` where one of them is many slices. */
export function parseCondition(text: string): SliceRule {
  const factors = cutOutside(text, /,|，/).flatMap((part) => cutOutside(part, CROSS)).map(factorOf);
  for (const factor of factors) if (factor.kind === "values") throw bad(text, `${factor.feature} is many slices; say which, e.g. ${factor.feature}=…`);
  return factors;
}
