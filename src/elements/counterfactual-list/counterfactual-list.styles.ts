import { css } from "lit";

export const counterfactualListStyles = css`
  .texts { list-style: none; margin: 0; padding: 0; display: grid; grid-template-columns: minmax(0, 1fr) fit-content(11em) 9em; column-gap: 1em; }
  .texts li { display: grid; grid-template-columns: subgrid; grid-column: 1 / -1; align-items: baseline; padding-block: 0.3em; position: relative; line-height: 1.5; cursor: pointer; border-block-end: 1px solid color-mix(in srgb, currentColor 15%, transparent); }
  .texts li:hover { background: color-mix(in srgb, currentColor 6%, transparent); }
  .texts li[aria-selected="true"] { box-shadow: inset 3px 0 0 currentColor; padding-inline-start: 0.6em; }
  .texts li:dir(rtl)[aria-selected="true"] { box-shadow: inset -3px 0 0 currentColor; }
  .texts li:focus-visible { outline: 2px solid; outline-offset: -2px; }
  .written { white-space: pre-wrap; overflow-wrap: anywhere; unicode-bidi: isolate; }
  .written span { display: block; unicode-bidi: isolate; }
  .how { display: block; font-size: 0.85em; opacity: 0.85; }
  del { text-decoration: line-through; opacity: 0.75; }
  ins { text-decoration: underline 2px; text-underline-offset: 0.2em; font-weight: bold; margin-inline-start: 0.15em; }
  .said { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  .says { overflow-wrap: anywhere; }
  .more { margin-block-start: 0.5em; font-size: 0.85em; }
  .says[data-flipped] { font-weight: bold; }
  .says, .value { font-variant-numeric: tabular-nums; }
  .value small { display: block; font-size: 0.85em; opacity: 0.85; }
  .moved { white-space: nowrap; }
  .track { display: block; position: relative; block-size: 0.5em; background: color-mix(in srgb, currentColor 8%, transparent); margin-block: 0.5em 0.2em; }
  .bar { position: absolute; inset-block: 0; inset-inline-start: 0; inline-size: var(--size); background: var(--lexi-bar, var(--fill)); forced-color-adjust: none; print-color-adjust: exact; }
  .before { position: absolute; inset-block: -2px; inset-inline-start: var(--at); inline-size: 2px; background: currentColor; }
  @media (forced-colors: active) { .before { background: CanvasText; } }
  .ends { margin: 0.6em 0 0; padding: 0; list-style: none; font-size: 0.85em; line-height: 1.5; opacity: 0.85; }
  @container (max-width: 32em) {
    .texts { grid-template-columns: minmax(0, 1fr) 9em; }
    .texts .written { grid-column: 1 / -1; }
  }
  .body { container-type: inline-size; }
`;
