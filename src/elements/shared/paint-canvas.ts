/** A scene on a canvas of the page: as sharp as the screen, as high as the scene. */
import { paint, type Scene } from "./scene.js";

export function paintCanvas(canvas: HTMLCanvasElement, scene: Scene): void {
  const ratio = window.devicePixelRatio || 1;
  const pixels = { width: Math.round(scene.width * ratio), height: Math.round(scene.height * ratio) };
  if (canvas.width !== pixels.width || canvas.height !== pixels.height) Object.assign(canvas, pixels);
  canvas.style.setProperty("block-size", `${scene.height}px`);
  const context = canvas.getContext("2d")!;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, scene.width, scene.height);
  paint(context, scene);
}
