/**
 * A JSON file of rows, in pieces: an array of objects or of strings, or an object in which such an array stands (the first array counts).
 * Rows are cut out by their brackets and read one by one, so that a broken row is reported with its line and the others survive. Not a
 * JSON parser: what a row holds is read by JSON.parse.
 */
import { LexiscopeError } from "../../base/errors.js";
import { fieldsOf } from "./fields.js";
import type { RowReader, RowSink } from "./types.js";

export class JsonReader implements RowReader {
  #state: "before" | "inside" | "after" = "before";
  #row = "";
  #rowLine = 1;
  #line = 1;
  #depth = 0;
  #quoted = false;
  #escaped = false;

  constructor(readonly sink: RowSink) {}

  push(piece: string): void {
    let from = this.#state === "inside" ? 0 : -1; // where the part of the row begins that is not yet kept
    for (let at = 0; at < piece.length && this.#state !== "after"; at++) {
      const letter = piece[at]!;
      if (letter === "\n") this.#line++;
      if (this.#quoted) {
        if (this.#escaped) this.#escaped = false;
        else if (letter === "\\") this.#escaped = true;
        else if (letter === '"' || letter === "\n") this.#quoted = false; // no string goes over a line's end: what follows is read afresh
      } else if (letter === '"') this.#quoted = true;
      else if (this.#state === "before") {
        if (letter !== "[") continue;
        this.#state = "inside";
        this.#rowLine = this.#line;
        from = at + 1;
      } else if (letter === "[" || letter === "{") this.#depth++;
      else if ((letter === "]" || letter === "}") && this.#depth > 0) this.#depth--;
      else if (letter === "," || letter === "]") {
        if (this.#depth > 0) continue;
        this.#take(this.#row + piece.slice(from, at), letter === "]");
        this.#row = "";
        from = at + 1;
        if (letter === "]") this.#state = "after";
      }
    }
    if (this.#state === "inside") this.#row += piece.slice(from);
  }

  end(): void {
    if (this.#state === "before") throw new LexiscopeError("bad-input", "no rows: a JSON corpus is an array of objects or of strings", { phase: "request" });
    if (this.#state === "inside") this.#take(this.#row, true, "the file ends inside this row");
  }

  #take(text: string, last: boolean, problem = ""): void {
    const lead = /^\s*/.exec(text)![0];
    const line = this.#rowLine + (lead.split("\n").length - 1);
    this.#rowLine = this.#line;
    const json = text.trim();
    if (json === "" && last) return;
    const fields = json === "" ? "no row between two commas" : fieldsOf(json);
    if (typeof fields === "string") this.sink.broken(line, problem || fields);
    else this.sink.row(line, fields);
  }
}
