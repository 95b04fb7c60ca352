/** The GPU of this browser for tests, or null where there is none (or the tests' own device cannot be had). */
export async function requestDevice(): Promise<GPUDevice | null> {
  const adapter = await navigator.gpu?.requestAdapter();
  return adapter ? await adapter.requestDevice() : null;
}
