import { css } from "lit";

export const hierarchyStyles = css`
  .text .part[aria-expanded] { border: 1px solid; border-block-end: 0; border-start-start-radius: 5px; border-start-end-radius: 5px; cursor: zoom-in; box-decoration-break: slice; }
  .text .part { margin-inline: 1px; }
  .text .part[aria-pressed="true"] { box-shadow: 0 0 0 2px var(--paper), 0 0 0 4px var(--ink); }
  .parts { display: flex; flex-wrap: wrap; gap: 0 1em; align-items: baseline; margin-block-start: 0.5em; font-size: 0.85em; }
  .parts button, .parts small { font-size: inherit; }
  .parts small { opacity: 0.85; }
  @media print { .parts { display: none; } }
`;
