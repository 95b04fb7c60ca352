import { css } from "lit";

export const modelMetricsStyles = css`
  .gates, .skipped, .examples { list-style: none; margin: 0 0 0.6em; padding: 0; line-height: 1.5; }
  .gates .mark { font-weight: bold; }
  .gates code { font-size: 0.95em; }
  details.lines { position: static; opacity: 1; font-size: 0.85em; margin-block-end: 0.5em; }
  details.lines summary { letter-spacing: 0; padding: 0; text-decoration: underline dotted; display: inline-block; }
  .views { display: flex; flex-wrap: wrap; gap: 0.1em 1em; margin-block-end: 0.6em; }
  .views button, .pick, .sort { font: inherit; color: inherit; background: none; border: 0; border-block-end: 1px dotted; padding: 0; cursor: pointer; text-align: start; }
  .views button[aria-selected="true"] { font-weight: bold; border-block-end: 2px solid; }
  .sort { border-block-end: 0; }
  .sort:hover, .pick:hover { border-block-end: 1px solid; }
  .controls { display: flex; flex-wrap: wrap; gap: 0.3em 1.2em; align-items: baseline; font-size: 0.85em; margin-block-end: 0.4em; }
  .controls input { font: inherit; color: inherit; background: none; border: 0; border-block-end: 1px solid color-mix(in srgb, currentColor 40%, transparent); max-inline-size: 10em; }
  .controls input[type="range"] { accent-color: var(--accent); inline-size: 12em; }
  .scroll { overflow: auto; max-block-size: 30em; position: relative; }
  .metrics { border-collapse: collapse; font-size: 0.85em; font-variant-numeric: tabular-nums; line-height: 1.35; }
  .metrics th, .metrics td { padding: 0.25em 0.8em 0.25em 0; text-align: end; vertical-align: top; white-space: nowrap; border-block-end: 1px solid color-mix(in srgb, currentColor 15%, transparent); font-weight: normal; }
  .metrics thead th { position: sticky; inset-block-start: 0; background: var(--paper); z-index: 2; vertical-align: bottom; }
  .metrics tbody th, .metrics thead th:first-child { text-align: start; position: sticky; inset-inline-start: 0; background: var(--paper); z-index: 1; max-inline-size: 16em; overflow: hidden; text-overflow: ellipsis; }
  .metrics thead th:first-child { z-index: 3; }
  .metrics tr[data-chosen] th, .metrics td.strong { font-weight: bold; }
  .metrics td.small { text-align: start; opacity: 0.85; }
  .strip { position: relative; display: block; inline-size: 6em; block-size: 0.55em; margin-block-start: 0.15em; margin-inline-start: auto; background: color-mix(in srgb, var(--ink) 7%, transparent); forced-color-adjust: none; print-color-adjust: exact; }
  .strip > * { position: absolute; inset-block: 0; inset-inline-start: var(--from); inline-size: var(--size); }
  .strip .reach { background: color-mix(in srgb, var(--ink) 30%, transparent); min-inline-size: 1px; }
  .strip .at { inline-size: 3px; margin-inline-start: -1.5px; background: var(--accent); }
  .strip .all { inline-size: 1px; background: var(--ink); }
  .matrix td { position: relative; min-inline-size: 4em; text-align: center; padding-inline: 0.6em; }
  .matrix td::before { content: ""; position: absolute; inset: 1px; background: var(--accent); opacity: var(--share); z-index: -1; }
  .matrix { isolation: isolate; }
  .matrix td { font-weight: normal; }
  .plot { max-inline-size: 24em; margin: 0; }
  svg { direction: ltr; display: block; inline-size: 100%; overflow: visible; }
  svg text { font-size: 9px; fill: var(--ink); font-family: inherit; }
  svg .axis { stroke: color-mix(in srgb, var(--ink) 35%, transparent); fill: none; }
  svg .even { stroke: color-mix(in srgb, var(--ink) 40%, transparent); stroke-dasharray: 3 3; fill: none; }
  svg .line { stroke: var(--accent); stroke-width: 2; fill: none; }
  svg .second { stroke: var(--ink); stroke-width: 1.5; fill: none; stroke-dasharray: 6 2; }
  svg .third { stroke: var(--ink); stroke-width: 1; fill: none; stroke-dasharray: 2 2; }
  svg .dot { fill: var(--accent); stroke: var(--paper); }
  svg .cursor { stroke: var(--ink); stroke-width: 1; }
  .how, .said { font-size: 0.85em; line-height: 1.5; margin-block: 0.5em; }
  .examples { margin-block-start: 0.3em; font-size: 0.95em; }
  .examples li { margin-block-end: 0.35em; }
  .examples button { font: inherit; color: inherit; background: none; border: 0; padding: 0; cursor: pointer; text-align: start; inline-size: 100%; }
  .examples button:hover .quote, .examples button[aria-pressed="true"] .quote { text-decoration: underline; }
  .examples .quote { overflow-wrap: anywhere; }
  .examples .what { display: block; font-size: 0.85em; opacity: 0.85; }
  .subhead { font-weight: bold; font-size: 0.95em; margin-block: 0.7em 0.2em; }
  .hidden { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  @media (max-width: 30em) { .metrics tbody th, .metrics thead th:first-child { min-inline-size: 6.5em; max-inline-size: 8em; white-space: normal; overflow-wrap: anywhere; } .strip { inline-size: 4.5em; } }
  @media (hover: none) { .views button, .pick, .sort { padding-block: 0.35em; } }
  @media print { .scroll { max-block-size: none; } .controls { display: none; } }
`;
