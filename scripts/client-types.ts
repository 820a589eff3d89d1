import { fileURLToPath } from 'node:url';
import { typesOfDescription } from './client-types/types-of-description.ts';

/** Writes client/schema.ts from docs/openapi.json; with `--check`, fails where the file is not what that says. */
const pathOf = (name: string) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const text = typesOfDescription(await Bun.file(pathOf('docs/openapi.json')).json());
const target = Bun.file(pathOf('client/schema.ts'));

if (!process.argv.includes('--check')) {
  await target.write(text);
  console.log('Wrote client/schema.ts');
} else if ((await target.text().catch(() => '')) !== text) {
  console.error('client/schema.ts is not what docs/openapi.json says: run `bun run client`.');
  process.exit(1);
}
