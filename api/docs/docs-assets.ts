import { fileURLToPath } from 'node:url';
import { readOnce } from '../http/answers/read-once.ts';

interface Asset {
  type: string;
  read: () => Promise<Uint8Array<ArrayBuffer>>;
}

const start = `window.ui = SwaggerUIBundle({
  url: '/docs/json',
  dom_id: '#swagger-ui',
  presets: [SwaggerUIBundle.presets.apis],
  deepLinking: true,
  validatorUrl: null,
});
`;

const packaged = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
};

/** The viewer's files, from its package on this machine. */
export function docsAssets(): ReadonlyMap<string, Asset> {
  const assets = new Map<string, Asset>([
    [
      'start.js',
      { type: 'text/javascript; charset=utf-8', read: async () => new TextEncoder().encode(start) },
    ],
  ]);
  for (const [name, type] of Object.entries(packaged)) {
    const path = fileURLToPath(import.meta.resolve(`swagger-ui-dist/${name}`));
    assets.set(name, { type, read: readOnce(path) });
  }
  return assets;
}
