/** Of the chips that stand for heads. Adopted with the hand. */
import { css } from "lit";

export const legendStyles = css`
  .chips { display: flex; flex-wrap: wrap; gap: 0.15em 0.5em; align-items: center; font-size: 0.85em; margin-block-end: 0.4em; }
  .chips button {
    font: inherit; color: inherit; background: none; border: 0; border-radius: 0; cursor: pointer; display: inline-flex; align-items: center; gap: 0.35em; padding: 0.2em 0.3em;
    font-variant-numeric: tabular-nums; touch-action: manipulation;
  }
  .chips button[aria-pressed="false"] { opacity: 0.6; text-decoration: line-through; }
  .chips button[aria-pressed="false"] .swatch { opacity: 0.35; }
  .swatch { inline-size: 1.5em; border-block-start: 3px solid var(--head); forced-color-adjust: none; print-color-adjust: exact; }
  .swatch[data-dash="1"] { border-block-start-style: dashed; }
  .swatch[data-dash="2"] { border-block-start-style: dotted; }
  @media (hover: none) { .chips button { padding: 0.7em 0.6em; } }
`;
