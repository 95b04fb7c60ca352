/** A picture's numbers as a table, for screen readers and for whoever would rather read. Built when asked for, not before. */
import { html, type TemplateResult } from "lit";

export interface DataTable {
  readonly head: readonly string[];
  /** the first cell of a row is its header */
  readonly rows: readonly (readonly string[])[];
}

/** `name`: the caption; it also names the region, which scrolls and so takes the focus. */
export function dataTable(name: string, { head, rows }: DataTable): TemplateResult {
  return html`<div class="table" part="table" role="region" tabindex="0" aria-label=${name}>
    <table>
      <caption class="hidden">${name}</caption>
      <thead><tr>${head.map((cell) => html`<th scope="col">${cell}</th>`)}</tr></thead>
      <tbody>${rows.map(([first, ...rest]) => html`<tr><th scope="row"><bdi>${first}</bdi></th>${rest.map((cell) => html`<td class="number"><bdi>${cell}</bdi></td>`)}</tr>`)}</tbody>
    </table>
  </div>`;
}
