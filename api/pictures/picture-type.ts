/** What kind of picture bytes are, by how they begin; `undefined` for what is none. @param start some hundred bytes of it */
export function pictureTypeOf(start: Uint8Array): string | undefined {
  const begins = (...bytes: number[]) => bytes.every((byte, at) => start[at] === byte);
  if (begins(0xff, 0xd8, 0xff)) return 'image/jpeg';
  if (begins(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return 'image/png';
  if (begins(0x52, 0x49, 0x46, 0x46) && latin1(start.subarray(8, 12)) === 'WEBP') return 'image/webp';
  const drawing = svgStart.exec(latin1(start.subarray(0, 2048)));
  return drawing === null ? undefined : `${svg};charset=${drawing.groups?.charset?.toLowerCase() ?? 'utf-8'}`;
}

const svg = 'image/svg+xml';
const svgStart =
  /^(?:\xef\xbb\xbf)?\s*(?:<\?xml(?:[^>]*?\sencoding=["'](?<charset>[\w-]{1,40})["'])?[^>]*>\s*)?(?:<!--[\s\S]*?-->\s*)*(?:<!DOCTYPE svg[^>]*>\s*)?<svg[\s>]/i;

/** Whether the end is there, for kinds that have one. */
export function isWholePicture(bytes: Uint8Array, type: string): boolean {
  const end = latin1(bytes.subarray(Math.max(0, bytes.length - 1024)));
  if (type === 'image/jpeg') return end.includes('\xff\xd9');
  if (type === 'image/png') return end.includes('IEND');
  return !type.startsWith(svg) || end.includes('</svg>');
}

const latin1 = (bytes: Uint8Array) =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
