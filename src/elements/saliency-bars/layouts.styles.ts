import { css } from "lit";

export const layoutStyles = css`
  .waterfall { display: grid; grid-template-columns: minmax(3em, max-content) 1fr; column-gap: 0.6em; --before: 4.2em; }
  .waterfall > * { display: grid; grid-template-columns: subgrid; grid-column: 1 / -1; align-items: center; line-height: 1.5; border-radius: 2px; }
  .waterfall .option { cursor: pointer; }
  .waterfall [data-rest] { cursor: auto; opacity: 0.8; }
  .waterfall [data-marked] { background: color-mix(in srgb, currentColor 9%, transparent); }
  .waterfall [aria-selected="true"] .unit { font-weight: bold; text-decoration: underline; }
  .stop { font-size: 0.85em; border-block-end: 1px solid color-mix(in srgb, currentColor 25%, transparent); }
  .stop:last-child { border-block: 1px solid color-mix(in srgb, currentColor 25%, transparent) none; }
  .stop .at { position: absolute; inset-inline-start: var(--at); transform: translateX(calc(-1 * var(--at))); white-space: nowrap; font-variant-numeric: tabular-nums; }
  .stop .at:dir(rtl) { transform: translateX(var(--at)); }
  .bar[data-sign="-1"] { border-inline-start: 2px dotted var(--ink); box-sizing: border-box; }
  .bar[data-sign="1"] { border-inline-end: 2px solid var(--ink); box-sizing: border-box; }
  .force .ticks { position: relative; block-size: 1.5em; font-size: 0.85em; }
  .tick { position: absolute; inset-block: 0; inset-inline-start: var(--at); border-inline-start: 1px solid var(--ink); }
  .tick > span { position: absolute; inset-block-start: 0; inset-inline-start: 0; transform: translateX(calc(-1 * var(--at))); padding-inline: 0.3em; white-space: nowrap; background: var(--paper); font-variant-numeric: tabular-nums; }
  .tick:dir(rtl) > span { transform: translateX(var(--at)); }
  .tick[data-kind="value"] > span { font-weight: bold; }
  .band { position: relative; block-size: 2.2em; }
  .push { position: absolute; inset-block: 0; inset-inline-start: var(--from); inline-size: var(--size); box-sizing: border-box; padding-inline: 0.2em; overflow: hidden; text-align: center; line-height: 2.2; font-size: 0.85em; white-space: pre; cursor: pointer; block-size: 2.2rem; border-inline-end: 1px solid var(--paper); forced-color-adjust: none; print-color-adjust: exact; }
  .push[data-sign="1"] { clip-path: polygon(0 0, calc(100% - 5px) 0, 100% 50%, calc(100% - 5px) 100%, 0 100%, 5px 50%); }
  .push[data-sign="-1"] { clip-path: polygon(5px 0, 100% 0, calc(100% - 5px) 50%, 100% 100%, 5px 100%, 0 50%); }
  .push[data-marked], .push[aria-selected="true"] { text-decoration: underline; font-weight: bold; }
  .push:focus-visible { outline: none; box-shadow: inset 0 0 0 2px var(--ink); }
  .push[data-rest] { cursor: auto; }
  .sides { display: flex; justify-content: space-between; font-size: 0.85em; font-variant-numeric: tabular-nums; }
  .swarm { position: relative; block-size: calc((2 * var(--lanes) + 3) * 0.95em); margin-inline: clamp(2.4em, 10%, 4em); border-block-end: 1px solid color-mix(in srgb, currentColor 45%, transparent); }
  .swarm .zero { inset-inline-start: 50%; }
  .swarm + .sides { margin-inline: clamp(0.8em, 10% - 1.6em, 2.4em); }
  .dot { position: absolute; inset-block-start: calc(50% + var(--lane) * 0.95em); inset-inline-start: var(--at); inline-size: 0.8em; block-size: 0.8em; margin: -0.4em; cursor: pointer; }
  .mark { position: absolute; inset: 0; border-radius: 50%; forced-color-adjust: none; print-color-adjust: exact; }
  .dot[data-sign="-1"] .mark { border-radius: 0; transform: rotate(45deg) scale(0.85); }
  .dot[data-marked], .dot:focus-visible, .dot[aria-selected="true"] { outline: 2px solid var(--ink); outline-offset: 1px; }
  .dot bdi { position: absolute; inset-block-start: -0.3em; inset-inline-start: 1.2em; font-size: 0.85em; line-height: 1.4; white-space: pre; pointer-events: none; }
  .dot bdi[data-before] { inset-inline: auto 1.2em; }
`;
