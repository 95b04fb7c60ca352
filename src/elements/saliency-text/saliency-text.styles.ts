import { css } from "lit";

export const saliencyTextStyles = css`
  .text { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; unicode-bidi: isolate; line-height: 2; }
  .text + .text { margin-block-start: 0.5em; }
  .text[data-compact] { line-height: 1.5; }
  .text span[data-sign] {
    background: var(--ground); color: var(--on); border-radius: 2px; cursor: pointer; print-color-adjust: exact; box-decoration-break: clone;
    text-decoration-line: underline; text-decoration-thickness: var(--thick); text-underline-offset: 0.3em; text-decoration-skip-ink: none;
  }
  .text span[data-sign="0"] { text-decoration-line: none; }
  .text span[data-sign="-1"] { text-decoration-style: dotted; }
  .text span[data-unsure] { text-decoration-style: wavy; text-decoration-thickness: 1px; }
  .text span[data-marked] { outline: 2px solid var(--ink); }
  .text span[aria-selected="true"] { box-shadow: 0 0 0 2px var(--paper), 0 0 0 4px var(--ink); }
  .text span:focus-visible { outline: 2px solid var(--ink); outline-offset: 1px; }
  .legend { display: flex; flex-wrap: wrap; align-items: center; gap: 0.4em; font-size: 0.85em; margin-block-start: 0.5em; font-variant-numeric: tabular-nums; }
  .reach { display: inline-flex; align-items: center; gap: 0.4em; margin-inline-start: 0.8em; }
  .error-bar { inline-size: calc(8em * var(--size)); block-size: 0.7em; box-sizing: border-box; border-inline: 1px solid; position: relative; }
  .error-bar::before { content: ""; position: absolute; inset: 50% 0 auto; border-block-start: 1px solid; }
  .unsure { text-decoration: underline wavy 1px; text-underline-offset: 0.3em; margin-inline-start: 0.8em; }
  .ramp { inline-size: 8em; block-size: 0.7em; forced-color-adjust: none; print-color-adjust: exact; outline: 1px solid color-mix(in srgb, currentColor 25%, transparent); background-image: var(--ramp); }
`;
