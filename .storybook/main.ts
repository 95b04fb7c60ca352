import type { StorybookConfig } from "@storybook/web-components-vite";

const config: StorybookConfig = {
  framework: "@storybook/web-components-vite",
  stories: ["../stories/**/*.stories.ts"],
  staticDirs: [
    { from: "../models", to: "/models" },
    { from: "../node_modules/onnxruntime-web/dist", to: "/runtime" },
    { from: "../stories/data", to: "/data" },
  ],
  core: { disableTelemetry: true, disableWhatsNewNotifications: true },
};

export default config;
