import { css } from "lit";

export const heatMapStyles = css`
canvas{display:block;inline-size:100%;touch-action:pan-x pan-y}
.readout{min-block-size:1.5em}
`;
