/** A file of ours, read when it is first asked for and kept: it does not change while the process runs. */
export function readOnce(path: string): () => Promise<Uint8Array<ArrayBuffer>> {
  let reading: Promise<Uint8Array<ArrayBuffer>> | undefined;
  return () => {
    reading ??= Bun.file(path)
      .bytes()
      .catch((error: unknown) => {
        reading = undefined;
        throw error;
      });
    return reading;
  };
}
