import { css } from "lit";

export const heatMapStyles = css`
canvas{display:block;inline-size:100%;touch-action:pan-x pan-y;cursor:crosshair}
canvas[data-zoomed]{touch-action:none;cursor:grab}
.readout{min-block-size:1.5em}
`;
