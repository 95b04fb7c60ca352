/** One of some values, as a native menu in a line of text. Its looks come with the frame's styles. */
import { html, type TemplateResult } from "lit";
import type { Option } from "./frame.js";

/** `name`: what is chosen, for those who hear it. */
export function quietSelect(name: string, value: string | number, options: readonly Option[], choose: (value: string) => void): TemplateResult {
  return html`<select part="select" aria-label=${name} @change=${(event: Event) => choose((event.target as HTMLSelectElement).value)}>
    ${options.map(([option, text]) => html`<option value=${option} .selected=${option === value}>${text}</option>`)}
  </select>`;
}
