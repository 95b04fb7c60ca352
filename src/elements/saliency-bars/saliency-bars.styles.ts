import { css } from "lit";

export const saliencyBarsStyles = css`
  .bars { list-style: none; margin: 0; padding: 0; display: grid; grid-template-columns: minmax(3em, max-content) 1fr; column-gap: 0.6em; align-items: stretch; }
  .bars li { display: grid; grid-template-columns: subgrid; grid-column: 1 / -1; align-items: center; line-height: 1.5; cursor: pointer; border-radius: 2px; }
  .bars li[data-marked] { background: color-mix(in srgb, currentColor 9%, transparent); }
  .bars li[aria-selected="true"] .unit { font-weight: bold; text-decoration: underline; }
  .unit { text-align: end; max-inline-size: 11em; overflow: hidden; text-overflow: ellipsis; white-space: pre; }
  .unit[data-special] { font-style: italic; padding-inline-end: 0.15em; }
  .plot { position: relative; block-size: 1.5em; margin-inline: var(--before) 4.2em; }
  .bar { position: absolute; inset-block: 0.28em; inset-inline-start: var(--from); inline-size: var(--size); min-inline-size: 1px; forced-color-adjust: none; print-color-adjust: exact; }
  .error-bar { position: absolute; inset-block: 0.5em; inset-inline-start: var(--from); inline-size: var(--size); box-sizing: border-box; border-inline: 1px solid var(--ink); }
  .error-bar::before { content: ""; position: absolute; inset: 50% 0 auto; border-block-start: 1px solid var(--ink); }
  .zero { position: absolute; inset-block: 0; inset-inline-start: var(--zero); border-inline-start: 1px solid color-mix(in srgb, currentColor 45%, transparent); }
  .value { position: absolute; inset-inline-start: var(--at); padding-inline: 0.4em; font-size: 0.85em; line-height: 1.76; white-space: nowrap; font-variant-numeric: tabular-nums; }
  .value[data-negative] { inset-inline: auto var(--at); }
  .more { font-size: 0.85em; margin-block-start: 0.3em; }
  @media (max-width: 480px) { .unit { max-inline-size: 7em; } }
  @media (hover: none) { .bars li { padding-block: 0.35em; } }
  @media (forced-colors: active) { .bars li[data-marked] { outline: 1px solid; } }
`;
