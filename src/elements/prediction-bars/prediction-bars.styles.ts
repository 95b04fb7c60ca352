import { css } from "lit";

export const predictionBarsStyles = css`
  .bars { list-style: none; margin: 0; padding: 0; display: grid; grid-template-columns: minmax(3em, max-content) 1fr max-content; column-gap: 0.6em; }
  .bars li { display: grid; grid-template-columns: subgrid; grid-column: 1 / -1; align-items: center; line-height: 1.6; }
  .label { text-align: end; max-inline-size: 12em; overflow: hidden; text-overflow: ellipsis; white-space: pre; }
  .bars li[data-first] .label { font-weight: bold; }
  .track { position: relative; block-size: 0.9em; background: color-mix(in srgb, currentColor 8%, transparent); }
  .bar { position: absolute; inset-block: 0; inset-inline-start: 0; inline-size: var(--size); min-inline-size: 1px; background: var(--lexi-bar, var(--fill)); transition: inline-size 0.18s; forced-color-adjust: none; print-color-adjust: exact; }
  .numbers { display: grid; grid-template-columns: 4em 4em; text-align: end; font-size: 0.85em; font-variant-numeric: tabular-nums; }
  .logit { opacity: 0.85; }
  @media (prefers-reduced-motion: reduce) { .bar { transition: none; } }
`;
