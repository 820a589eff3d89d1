import { fileURLToPath } from 'node:url';
import { resultFiles } from './result-page.ts';
import { readResults, type StoredResults, writeResults } from './stored-results.ts';

/** Takes the place of what these parts said before, and writes the page anew. */
export async function storeResults(parts: StoredResults): Promise<void> {
  const results = { ...(await readResults()), ...parts };
  await writeResults(results);
  for (const [path, text] of Object.entries(resultFiles(results)))
    await Bun.write(fileURLToPath(new URL(`../${path}`, import.meta.url)), text);
}
