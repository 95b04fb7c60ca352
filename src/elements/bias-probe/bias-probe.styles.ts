import { css } from "lit";

export const biasProbeStyles = css`
  .groups { list-style: none; margin: 0; padding: 0; display: grid; grid-template-columns: minmax(3em, max-content) minmax(0, 1fr); column-gap: 0.8em; }
  .group { display: grid; grid-template-columns: subgrid; grid-column: 1 / -1; align-items: center; padding-block: 0.15em; }
  .group > bdi { text-align: end; max-inline-size: 12em; overflow: hidden; text-overflow: ellipsis; white-space: pre; }
  .plot { position: relative; block-size: 2em; margin-inline: 0.5em; border-block-end: 1px solid color-mix(in srgb, currentColor 20%, transparent); }
  .interval, .center, .zero, .dot { position: absolute; inset-inline-start: var(--at); pointer-events: none; }
  .interval { inset-block-start: calc(50% - 2px); block-size: 4px; inline-size: var(--size); background: currentColor; opacity: 0.55; }
  .center { inset-block: 20%; inline-size: 3px; margin-inline-start: -1.5px; background: currentColor; }
  .zero { inset-block: 0; inline-size: 0; border-inline-start: 1px dashed; opacity: 0.4; }
  .dot {
    pointer-events: auto; inset-block-start: var(--high); inline-size: 0.7em; block-size: 0.7em; margin: -0.35em; border-radius: 50%; box-sizing: border-box; cursor: pointer;
    background: color-mix(in srgb, var(--lexi-bar, var(--fill)) 65%, transparent); border: 1px solid var(--ink); forced-color-adjust: none; print-color-adjust: exact;
  }
  .dot[aria-selected="true"] { box-shadow: 0 0 0 2px var(--paper), 0 0 0 4px var(--ink); }
  .dot:focus-visible, .dot:hover { outline: 2px solid; outline-offset: 2px; z-index: 1; }
  .ends { display: flex; justify-content: space-between; grid-column: 2; font-size: 0.85em; font-variant-numeric: tabular-nums; margin-inline: 0.5em; }
  .mean { grid-column: 2; font-size: 0.85em; line-height: 1.4; font-variant-numeric: tabular-nums; margin-inline: 0.5em; }
  .compared { margin: 0.6em 0 0; padding: 0; list-style: none; line-height: 1.5; }
  .compared li { margin-block-end: 0.3em; }
  .compared small { font-size: 0.85em; opacity: 0.85; font-variant-numeric: tabular-nums; }
  @media (forced-colors: active) { .interval, .center { background: CanvasText; } }
  .readout { min-block-size: 1.5em; overflow-wrap: anywhere; unicode-bidi: plaintext; }
`;
