/** A file that is sent as it is. */
export interface SharedFile {
  type: string;
  read: () => Promise<Blob>;
}

/** Read when it is first asked for; from then on all answers are sent from the same bytes, and none copies them. */
export function sharedFile(type: string, path: string): SharedFile {
  let blob: Promise<Blob> | undefined;
  const load = async () => new Blob([await Bun.file(path).bytes()], { type });
  return {
    type,
    read() {
      blob ??= load().catch((error) => {
        blob = undefined;
        throw error;
      });
      return blob;
    },
  };
}
