import { css } from "lit";

export const explanationSummaryStyles = css`
  .said { margin: 0; line-height: 1.6; overflow-wrap: anywhere; }
  .said button { font: inherit; color: inherit; background: none; border: 0; border-block-end: 1px dotted; padding: 0; cursor: pointer; white-space: normal; text-align: inherit; }
  .said button[data-marked] { background: color-mix(in srgb, currentColor 12%, transparent); }
  .said button[aria-pressed="true"] { font-weight: bold; border-block-end-style: solid; }
  @media print { .said button { border: 0; } }
`;
