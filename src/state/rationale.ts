/** What people marked as the reason, as an author writes it: phrases of the text or spans of it, as JSON. */
import { LexiscopeError } from "../base/errors.js";

const refuse = (value: string) => new LexiscopeError("bad-input", `rationale="${value}" is not possible; use a JSON list of phrases of the text or of [start, end] spans of it`, { phase: "request" });

type Span = readonly [start: number, end: number];

const isSpan = (entry: unknown): entry is Span => Array.isArray(entry) && entry.length === 2 && entry.every(Number.isInteger);

/** A phrase stands for its first place in the text. Throws `bad-input` for anything else, and for a phrase that is not there. */
export function rationaleSpans(json: string, text: string): Span[] {
  let entries: unknown;
  try {
    entries = JSON.parse(json);
  } catch {
    throw refuse(json);
  }
  if (!Array.isArray(entries) || entries.length === 0) throw refuse(json);
  return entries.map((entry: unknown) => {
    if (isSpan(entry)) return entry;
    const start = typeof entry === "string" && entry !== "" ? text.indexOf(entry) : -1;
    if (start === -1) throw refuse(JSON.stringify(entry));
    return [start, start + (entry as string).length];
  });
}
