import { css } from "lit";

export const faithfulnessReportStyles = css`
  .verdict { margin: 0 0 0.6em; line-height: 1.5; }
  .sample { margin: 0 0 0.6em; font-size: 0.85em; line-height: 1.5; opacity: 0.85; overflow-wrap: anywhere; }
  .interval { opacity: 0.85; }
  .scroll { overflow-x: auto; position: relative; }
  .report { border-collapse: collapse; font-size: 0.85em; font-variant-numeric: tabular-nums; line-height: 1.35; }
  .report th, .report td { padding: 0.25em 0.7em 0.25em 0; text-align: start; vertical-align: top; white-space: nowrap; border-block-end: 1px solid color-mix(in srgb, currentColor 15%, transparent); }
  .report thead th { font-weight: normal; white-space: normal; min-inline-size: 5.6em; vertical-align: bottom; }
  .report [scope="row"] { font-weight: normal; position: sticky; inset-inline-start: 0; background: var(--paper); z-index: 1; }
  .report [data-shown] [scope="row"] { font-weight: bold; }
  .report td[data-beyond="good"] { font-weight: bold; }
  .report .failed { white-space: normal; opacity: 0.85; }
  .report button { font: inherit; color: inherit; background: none; border: 0; border-block-end: 1px dotted; padding: 0; cursor: pointer; text-align: start; }
  .strip { position: relative; display: block; inline-size: 4.6em; block-size: 0.6em; margin-block-start: 0.15em; forced-color-adjust: none; print-color-adjust: exact; }
  .strip > * { position: absolute; inset-block: 0; inset-inline-start: var(--from); inline-size: var(--size); }
  .strip .chance { background: color-mix(in srgb, var(--ink) 16%, transparent); }
  .strip .at { inline-size: 3px; margin-inline-start: -1.5px; background: var(--shown); }
  .strip .bar { inset-block: 0.12em; background: color-mix(in srgb, var(--ink) 40%, transparent); min-inline-size: 1px; }
  .curves { display: flex; flex-wrap: wrap; gap: 0.8em 1.6em; margin-block-start: 0.9em; }
  .curves figure { flex: 1 1 15em; max-inline-size: 26em; }
  .curves figcaption { display: block; font-size: 0.85em; margin-block-end: 0.2em; }
  svg { direction: ltr; display: block; inline-size: 100%; overflow: visible; }
  svg text { font-size: 10px; fill: var(--ink); font-family: inherit; }
  svg .axis { stroke: color-mix(in srgb, var(--ink) 35%, transparent); fill: none; }
  svg .chance { fill: color-mix(in srgb, var(--ink) 14%, transparent); print-color-adjust: exact; }
  svg .middle { stroke: color-mix(in srgb, var(--ink) 45%, transparent); stroke-dasharray: 3 3; fill: none; }
  svg .other { stroke: color-mix(in srgb, var(--ink) 38%, transparent); stroke-width: 1; fill: none; }
  svg .shown { stroke: var(--shown); stroke-width: 2.5; fill: none; }
  .key { font-size: 0.85em; margin-block: 0.4em 0; line-height: 1.5; }
  .hidden { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  @media (hover: none) { .report button { padding-block: 0.35em; } }
`;
