import { css } from "lit";

export const similarExamplesStyles = css`
  .summary { margin: 0 0 0.8em; line-height: 1.5; }
  .query { margin: 0 0 0.8em; }
  h4 { font: inherit; font-weight: bold; margin: 0.8em 0 0.2em; line-height: 1.5; }
  ol { list-style: none; margin: 0; padding: 0; }
  li { padding-block: 0.35em; border-block-start: 1px solid color-mix(in srgb, currentColor 15%, transparent); }
  li[data-chosen] { box-shadow: -0.4em 0 0 var(--paper), -0.55em 0 0 var(--ink); }
  .text { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; unicode-bidi: isolate; line-height: 1.9; }
  .text span {
    background: var(--ground); color: var(--on); border-radius: 2px; print-color-adjust: exact; box-decoration-break: clone;
    text-decoration-line: underline; text-decoration-color: var(--ink); text-decoration-thickness: var(--thick); text-underline-offset: 0.3em; text-decoration-skip-ink: none;
  }
  .text span[data-sign="0"] { text-decoration-line: none; }
  .text span[data-sign="-1"] { text-decoration-style: dotted; }
  .text span[data-shared] { outline: 1.5px solid var(--ink); outline-offset: 1px; }
  .meta { margin: 0; font-size: 0.85em; line-height: 1.5; font-variant-numeric: tabular-nums; display: flex; flex-wrap: wrap; column-gap: 1em; align-items: baseline; }
  .meta b { font-weight: bold; }
  .mismatch { font-weight: bold; border-block-end: 2px solid; }
  .open { margin-inline-start: auto; font: inherit; color: inherit; background: none; border: 0; border-block-end: 1px dotted; padding: 0; cursor: pointer; }
  .open:hover { border-block-end-style: solid; }
  .legend { font-size: 0.85em; line-height: 1.5; margin: 0.6em 0 0; opacity: 0.85; }
  .none { margin: 0; font-size: 0.85em; opacity: 0.85; }
  @media (hover: none) { .open { padding-block: 0.4em; } }
`;
