import type { Meta, StoryObj } from "@storybook/web-components-vite";
import { html } from "lit";
import "../src/elements/model-metrics/define.js";

interface Args {
  src: string;
  view: string;
  metric: string;
  lang: string;
  dir: string;
}

/** The built-in model on 1,200 sentences of a seeded rule: see data/make-evaluation.mjs. */
const meta: Meta<Args> = {
  title: "model-metrics",
  args: { src: "/data/evaluation.json", view: "slices", metric: "accuracy", lang: "en", dir: "ltr" },
  argTypes: { view: { control: "select", options: ["slices", "worst", "confusion", "roc", "precision-recall", "calibration", "thresholds"] }, metric: { control: "select", options: ["accuracy", "recall", "auc", "log-loss"] } },
  render: ({ src, view, metric, lang, dir }) => html`<div lang=${lang} dir=${dir}><model-metrics loading="eager" src=${src} view=${view} metric=${metric}></model-metrics></div>`,
};
export default meta;

type Story = StoryObj<Args>;

export const Slices: Story = {};
export const Worst: Story = { args: { view: "worst" } };
export const Confusion: Story = { args: { view: "confusion" } };
export const Roc: Story = { args: { view: "roc" } };
export const Calibration: Story = { args: { view: "calibration" } };
export const Thresholds: Story = { args: { view: "thresholds" } };
export const Chinese: Story = { args: { lang: "zh", metric: "recall" } };
export const RightToLeft: Story = { args: { lang: "ar", dir: "rtl" } };
