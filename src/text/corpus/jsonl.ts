/** JSON lines, in pieces: one value a line. A line that is no JSON, or no row, is reported and left out; empty lines are none. */
import { fieldsOf } from "./fields.js";
import type { RowReader, RowSink } from "./types.js";

export class JsonLinesReader implements RowReader {
  #text = "";
  #line = 0;

  constructor(readonly sink: RowSink) {}

  push(piece: string): void {
    const lines = (this.#text + piece).split("\n");
    this.#text = lines.pop()!;
    for (const line of lines) this.#take(line);
  }

  end(): void {
    this.#take(this.#text);
  }

  #take(text: string): void {
    this.#line++;
    const json = text.replace(/^\uFEFF/, "").trim();
    if (json === "") return;
    const fields = fieldsOf(json);
    if (typeof fields === "string") this.sink.broken(this.#line, fields);
    else this.sink.row(this.#line, fields);
  }
}
