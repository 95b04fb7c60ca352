/** What the frame adds: controls, menu, progress, error, table. Adopted when the frame is loaded. */
import { css } from "lit";

export const frameStyles = css`
  :focus-visible { outline: 2px solid; outline-offset: 2px; }
  [data-busy] .body { transition: opacity 0.15s; }
  [data-busy]:not(:has([data-partial])) .body { opacity: 0.5; }
  @media (prefers-reduced-motion: reduce) { [data-busy] .body { transition: none; } }
  @media print { .body * { print-color-adjust: exact; } }
  select, .quiet {
    font: inherit; color: inherit; border: 0; border-radius: 0; padding: 0; cursor: pointer; --line: repeating-linear-gradient(to right, currentColor 0 1px, transparent 1px 3px);
    background: var(--line) 0 calc(100% - var(--thumb, 0em)) / 100% 1px no-repeat;
  }
  select { appearance: none; field-sizing: content; max-inline-size: 100%; padding-inline: 0.15em; }
  select:hover, .quiet:hover { --line: linear-gradient(currentColor); }
  .quiet[disabled] { opacity: 0.5; cursor: default; --line: none; }
  option { background: var(--paper); color: var(--ink); }
  .status { font-size: 0.85em; line-height: 1.5; margin-block-start: 0.4em; }
  .hidden { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  details { position: relative; opacity: 0; transition: opacity 0.15s; }
  figure:hover details, figure:focus-within details, details[open] { opacity: 1; }
  summary { list-style: none; cursor: pointer; padding-inline: 0.4em; letter-spacing: 0.1em; }
  summary::-webkit-details-marker { display: none; }
  .menu {
    position: absolute; inset-inline-end: 0; z-index: 2; display: grid; padding: 0.3em 0;
    background: var(--paper); color: var(--ink); border: 1px solid color-mix(in srgb, currentColor 30%, transparent);
  }
  .menu button { font: inherit; color: inherit; background: none; border: 0; text-align: start; white-space: nowrap; padding: 0.3em 0.9em; cursor: pointer; }
  .menu button:hover, .menu button:focus-visible { background: color-mix(in srgb, currentColor 12%, transparent); }
  /* Words and numbers of our own run from left to right in a page that does not, and stand on its side. */
  :host(:dir(rtl)) figure { text-align: right; }
  :host(:dir(rtl)) :is([lang="en"], li, td, th, small, .title, .note, .readout, .value, .at, .said, .numbers > span, .legend > span, p:not([dir])) { unicode-bidi: plaintext; }
  .line { block-size: 2px; background: color-mix(in srgb, currentColor 18%, transparent); }
  .line > div { block-size: 100%; background: currentColor; transform-origin: 0 0; transform: scaleX(var(--done)); }
  :host(:dir(rtl)) .line > div { transform-origin: 100% 0; }
  .line[data-open] > div { transform: none; animation: breathe 1.2s ease-in-out infinite alternate; }
  @keyframes breathe { from { opacity: 0.15; } to { opacity: 0.7; } }
  .error { line-height: 1.5; }
  .error code { display: block; font-size: 0.85em; white-space: pre-wrap; overflow-wrap: anywhere; opacity: 0.85; }
  .table { overflow: auto; max-block-size: 24em; margin-block-start: 0.6em; }
  table { border-collapse: collapse; font-size: 0.85em; font-variant-numeric: tabular-nums; }
  th, td { padding: 0.1em 0.6em; text-align: start; white-space: pre; border-block-end: 1px solid color-mix(in srgb, currentColor 15%, transparent); }
  td.number { text-align: end; }
  @media (forced-colors: active) { .line > div { background: CanvasText; } }
  @media (hover: none) {
    select, .quiet { --thumb: 0.35em; padding-block: var(--thumb); margin-block: calc(-1 * var(--thumb)); }
    details { opacity: 1; }
    summary { padding: 0.4em 0.8em; }
    .menu button { padding: 0.7em 1.2em; }
  }
  @media (prefers-reduced-motion: reduce) {
    details { transition: none; }
    .line[data-open] > div { animation: none; opacity: 0.5; }
  }
  @media print { details, .table { display: none; } select, .quiet { --line: none; } }
`;
