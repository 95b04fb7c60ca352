/**
 * Slices in which the model errs more than elsewhere, found by looking at all of them: values of columns, quartiles of numbers and of length,
 * language, single words, and pairs of those that are not words. Each is tested by Fisher's exact test against the other rows; the p-values are corrected over all
 * that were tested (Benjamini and Hochberg), so that data without a weak spot gives none. What is found was chosen for being bad:
 * its error rate on new data will be nearer to the others'.
 */
import { words as wordSpans } from "../../text/words.js";
import { benjaminiHochberg } from "./corrections.js";
import { fisherExact } from "./exact-tests.js";
import type { SliceRule } from "./slice-language.js";
import { MOST_VALUES, slicesOf, type Slice, type SliceTable } from "./slicing.js";

export interface WorstOptions {
  /** smaller slices are not looked at */
  readonly minimum: number;
  readonly level?: number;
  /** how many are given back */
  readonly most?: number;
  /** columns that are no features: the text, the label */
  readonly except?: readonly string[];
}

export interface FoundSlice extends Slice {
  readonly errors: number;
  /** corrected */
  readonly p: number;
}

export interface WorstSlices {
  readonly tested: number;
  readonly level: number;
  /** the largest error rate first */
  readonly slices: readonly FoundSlice[];
}

const LEVEL = 0.05;
const MOST_FOUND = 10;
/** The commonest words that are looked at; rarer ones have too few rows to say anything. */
const MOST_WORDS = 1000;
/** Two slices that share more than this of their rows are one. */
const SAME = 0.8;

/** Rows of each word, in lower case, that stands in `minimum` rows or more, and in half of them at most. */
function wordSlices({ texts }: SliceTable, minimum: number): Slice[] {
  const found = new Map<string, number[]>();
  texts.forEach((text, row) => {
    for (const word of new Set(wordSpans(text).map(({ start, end }) => text.slice(start, end).toLowerCase()))) {
      const rows = found.get(word);
      if (rows) rows.push(row);
      else found.set(word, [row]);
    }
  });
  return [...found]
    .filter(([, rows]) => rows.length >= minimum && rows.length <= texts.length / 2)
    .sort(([a, first], [b, second]) => second.length - first.length || (a < b ? -1 : 1))
    .slice(0, MOST_WORDS)
    .map(([word, rows]) => ({ name: `contains ${word}`, rows: Uint32Array.from(rows) }));
}

/** Features with few enough values to be slices. */
function featureRules(table: SliceTable, except: readonly string[]): SliceRule[] {
  const names = [...new Set([...table.columns.filter((column) => !except.includes(column)), "lang", "length"])];
  return names.flatMap((feature): SliceRule[] => {
    const rule: SliceRule = [{ kind: "values", feature }];
    if (!table.columns.includes(feature)) return [rule];
    const values = new Set(table.texts.map((_, row) => table.value(row, feature)));
    const numeric = [...values].every((value) => Number.isFinite(Number(value)));
    return values.size > 1 && (numeric || values.size <= Math.min(MOST_VALUES, table.texts.length / 2)) ? [rule] : [];
  });
}

function intersection(a: Uint32Array, b: Uint32Array): Uint32Array {
  const inside = new Set(b);
  return a.filter((row) => inside.has(row));
}

function candidatesOf(table: SliceTable, { minimum, except = [] }: WorstOptions): Slice[] {
  const big = ({ rows }: Slice): boolean => rows.length >= minimum && rows.length < table.texts.length;
  const byFeature = featureRules(table, except).map((rule) => slicesOf(table, rule).filter(big));
  const pairs = byFeature.flatMap((first, place) => byFeature.slice(place + 1).flatMap((others) => first.flatMap((a) => others.map((b) => ({ name: `${a.name} × ${b.name}`, rows: intersection(a.rows, b.rows) })))));
  return [...byFeature.flat(), ...pairs.filter(big), ...wordSlices(table, minimum)];
}

/** `wrong`: [row], 1 where the prediction is wrong. */
export function worstSlices(table: SliceTable, wrong: Uint8Array, options: WorstOptions): WorstSlices {
  const { level = LEVEL, most = MOST_FOUND } = options;
  const allErrors = wrong.reduce((sum, one) => sum + one, 0);
  const tested = candidatesOf(table, options).map((slice) => {
    const errors = slice.rows.reduce((sum, row) => sum + wrong[row]!, 0);
    return { ...slice, errors, raw: fisherExact(errors, slice.rows.length, allErrors, wrong.length, "more") };
  });
  const corrected = benjaminiHochberg(tested.map(({ raw }) => raw));
  const found = tested.flatMap(({ name, rows, errors }, index) => (corrected[index]! <= level ? [{ name, rows, errors, p: corrected[index]! }] : []));
  found.sort((a, b) => b.errors / b.rows.length - a.errors / a.rows.length || a.p - b.p);
  const kept: FoundSlice[] = [];
  for (const slice of found) {
    if (kept.length === most) break;
    const known = kept.some(({ rows }) => {
      const shared = intersection(slice.rows, rows).length;
      return shared / (slice.rows.length + rows.length - shared) > SAME;
    });
    if (!known) kept.push(slice);
  }
  return { tested: tested.length, level, slices: kept };
}
