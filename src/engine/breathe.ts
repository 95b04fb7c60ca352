/**
 * Lets messages in: in a worker an abort comes as one, on a page's thread hands and pictures wait for it. The runtime's own promises settle without
 * ever coming back to the event loop, so work in many steps must do so itself.
 */
export const breathe = (): Promise<void> => new Promise((resolve) => {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    port1.close();
    resolve();
  };
  port2.postMessage(null);
});
