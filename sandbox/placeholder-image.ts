import { mix } from './random.ts';

const sizePattern = /^\/t\/p\/(?:w(\d+)|h(\d+)|original)\/([\w-]+)\.(?:jpg|png|svg)$/;

/** A flat coloured picture for any invented image path, so that a page without a network still shows something. */
export function answerImage(path: string): Response {
  const found = sizePattern.exec(path);
  if (!found) return new Response('Not found\n', { status: 404 });
  const name = found[3] ?? '';
  const width = Number(found[1] ?? 500);
  const height = name.includes('backdrop') ? (width * 9) / 16 : width * 1.5;
  const hue = mix(1, Bun.hash.crc32(name), 1) % 360;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="hsl(${hue} 45% 40%)"/></svg>`;
  return new Response(svg, { headers: { 'content-type': 'image/svg+xml', 'cache-control': 'max-age=3600' } });
}
