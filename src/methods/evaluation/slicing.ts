/**
 * Which rows a slice takes. Not the metrics of them. A feature is a column of the data; `length` (characters of the text) and `lang` (by script:
 * zh, ja, ko, latin, cyrillic, arabic, other) are there where no column has that name. Numbers of many values are cut at their quartiles.
 */
import { LexiscopeError } from "../../base/errors.js";
import type { Factor, Operator, SliceRule } from "./slice-language.js";

export interface SliceTable {
  readonly columns: readonly string[];
  readonly texts: readonly string[]; // [row]
  /** the value of a column, as written */
  readonly value: (row: number, column: string) => string;
}

export interface Slice {
  readonly name: string;
  readonly rows: Uint32Array; // ascending
}

/** A column with more values than these is cut at quartiles when they are numbers, and refused otherwise. */
const MOST_NUMBERS = 10;
export const MOST_VALUES = 200;

const scripts: readonly (readonly [string, RegExp])[] = [
  ["ja", /[\p{Script=Hiragana}\p{Script=Katakana}]/gu], ["ko", /\p{Script=Hangul}/gu], ["zh", /\p{Script=Han}/gu],
  ["arabic", /\p{Script=Arabic}/gu], ["cyrillic", /\p{Script=Cyrillic}/gu], ["latin", /\p{Script=Latin}/gu],
];

/** The script that most of the text's letters are of; kana among Han is Japanese, and one Han character says as much as three letters. */
export function languageByScript(text: string): string {
  const counts = scripts.map(([name, pattern]) => ({ name, count: (text.match(pattern)?.length ?? 0) * (/ja|ko|zh/.test(name) ? 3 : 1) }));
  const best = counts.reduce((most, one) => (one.count > most.count ? one : most));
  if (best.count === 0) return "other";
  const kana = counts[0]!.count;
  return best.name === "zh" && kana * 5 > best.count ? "ja" : best.name;
}

const lengthOf = (text: string): number => [...text].length;

/** Each row's value of a feature; throws `bad-input` for one that does not exist. */
export function featureOf(table: SliceTable, feature: string): (row: number) => string {
  if (table.columns.includes(feature)) return (row) => table.value(row, feature).trim();
  if (feature === "length") return (row) => String(lengthOf(table.texts[row]!));
  if (feature === "lang") return (row) => languageByScript(table.texts[row]!);
  throw new LexiscopeError("bad-input", `no column "${feature}" to slice by; there are ${[...table.columns, "length", "lang"].join(", ")}`, { phase: "request" });
}

/** Words of letters match as words, whatever their case; anything else (Chinese, signs) wherever it stands. */
export function containsAny(terms: readonly string[]): (text: string) => boolean {
  const escaped = (term: string): string => term.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&");
  const pattern = terms.map((term) => (/^[\p{L}\p{M}\p{N}' ]+$/u.test(term) && !/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u.test(term) ? `(?<![\\p{L}\\p{N}])${escaped(term)}(?![\\p{L}\\p{N}])` : escaped(term))).join("|");
  const test = new RegExp(pattern, "iu");
  return (text) => test.test(text);
}

const operators: Readonly<Record<Operator, (a: string, b: string) => boolean>> = {
  "=": (a, b) => a === b, "!=": (a, b) => a !== b,
  "<": (a, b) => a !== "" && Number(a) < Number(b), "<=": (a, b) => a !== "" && Number(a) <= Number(b),
  ">": (a, b) => a !== "" && Number(a) > Number(b), ">=": (a, b) => a !== "" && Number(a) >= Number(b),
};

/** One named part of the data. */
interface Part {
  readonly name: string;
  readonly test: (row: number) => boolean;
}

/** `source=web`; a number's range reads `length 12–30`. */
function partsOf(table: SliceTable, factor: Factor): Part[] {
  if (factor.kind === "contains") {
    const test = containsAny(factor.terms);
    return [{ name: `contains ${factor.terms.join("|")}`, test: (row) => test(table.texts[row]!) }];
  }
  const value = featureOf(table, factor.feature);
  if (factor.kind === "compare") {
    const [compare, against] = [operators[factor.operator], factor.value];
    return [{ name: `${factor.feature}${factor.operator}${factor.value}`, test: (row) => compare(value(row), against) }];
  }
  const values = table.texts.map((_, row) => value(row));
  const distinct = [...new Set(values)];
  const numeric = distinct.length > MOST_NUMBERS && distinct.every((one) => one === "" || Number.isFinite(Number(one)));
  if (numeric) return quartiles(factor.feature, values);
  if (distinct.length > MOST_VALUES) throw new LexiscopeError("bad-input", `column "${factor.feature}" has ${distinct.length} values, too many to slice by (at most ${MOST_VALUES}); compare it, e.g. "${factor.feature}=${distinct[0]!.slice(0, 20)}"`, { phase: "request" });
  return distinct.sort((a, b) => a.localeCompare(b, "en", { numeric: true })).map((one) => ({ name: `${factor.feature}=${one}`, test: (row) => values[row] === one }));
}

/** Up to four ranges with about as many rows each; the same number is never in two. */
function quartiles(feature: string, values: readonly string[]): Part[] {
  const numbers = values.map((value) => (value === "" ? NaN : Number(value)));
  const sorted = numbers.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  const ends = [...new Set([1, 2, 3, 4].map((quarter) => sorted[Math.ceil((quarter * sorted.length) / 4) - 1]!))];
  const parts = ends.map((end, index): Part => {
    const after = index === 0 ? -Infinity : ends[index - 1]!;
    const start = sorted.find((value) => value > after)!;
    return { name: `${feature} ${start === end ? start : `${start}–${end}`}`, test: (row) => numbers[row]! > after && numbers[row]! <= end };
  });
  return sorted.length === values.length ? parts : [...parts, { name: `${feature}=`, test: (row) => Number.isNaN(numbers[row]!) }];
}

/** The slices of a rule, those without a row left out. */
export function slicesOf(table: SliceTable, rule: SliceRule): Slice[] {
  const all = Uint32Array.from(table.texts, (_, row) => row);
  let slices: Slice[] = [{ name: "", rows: all }];
  for (const factor of rule) {
    const parts = partsOf(table, factor);
    slices = slices.flatMap((slice) => parts.map(({ name, test }) => ({ name: slice.name === "" ? name : `${slice.name} × ${name}`, rows: slice.rows.filter(test) })).filter(({ rows }) => rows.length > 0));
    if (slices.length > MOST_VALUES * 5) throw new LexiscopeError("bad-input", `the slices of one rule are ${slices.length}, too many (at most ${MOST_VALUES * 5})`, { phase: "request" });
  }
  return slices;
}

/** The slices of all rules, each once. */
export function slicesOfRules(table: SliceTable, rules: readonly SliceRule[]): Slice[] {
  return [...new Map(rules.flatMap((rule) => slicesOf(table, rule)).map((slice) => [slice.name, slice])).values()];
}

/** The rows that meet all conditions; perhaps none. */
export function rowsOf(table: SliceTable, condition: SliceRule): Uint32Array {
  return slicesOf(table, condition)[0]?.rows ?? new Uint32Array(0);
}
