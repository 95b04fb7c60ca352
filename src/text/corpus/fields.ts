/** One row from its JSON: an object of columns, or a string alone, which is the text. */
import type { CorpusRow } from "./types.js";

/** The columns, or why it is no row. */
export function fieldsOf(json: string): CorpusRow["fields"] | string {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    return `no JSON: ${(error as Error).message.replace(/\s+/g, " ")}`;
  }
  if (typeof value === "string") return { text: value };
  if (typeof value !== "object" || value === null || Array.isArray(value)) return `a row must be an object or a string, not ${Array.isArray(value) ? "an array" : String(value)}`;
  return value as CorpusRow["fields"];
}
