import { fileURLToPath } from 'node:url';
import { type SharedFile, sharedFile } from '../http/answers/shared-file.ts';

const script = 'text/javascript; charset=utf-8';

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
  'swagger-ui-bundle.js': script,
  'favicon-32x32.png': 'image/png',
};

/** The viewer's files, from its package on this machine. */
export function docsAssets(): ReadonlyMap<string, SharedFile> {
  const startBlob = new Blob([start], { type: script });
  const assets = new Map<string, SharedFile>([['start.js', { type: script, read: async () => startBlob }]]);
  for (const [name, type] of Object.entries(packaged))
    assets.set(name, sharedFile(type, fileURLToPath(import.meta.resolve(`swagger-ui-dist/${name}`))));
  return assets;
}
