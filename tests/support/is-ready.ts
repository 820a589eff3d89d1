/** Whether the API at the URL says that it can serve; one that does not answer yet is not ready. */
export const isReady = (url: string): Promise<boolean> =>
  fetch(`${url}/health/ready`).then(
    (answer) => answer.ok,
    () => false,
  );
