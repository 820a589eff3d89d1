import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { packedLines, recordFiles } from './read-files.ts';

export interface RecordFolder extends AsyncDisposable {
  folder: string;
}

const Identified = z.object({ id: z.number() });

/**
 * A folder with every n-th movie of the real files: chosen by id, so that it is always the same part and an id's
 * two records stay together. Gone when disposed.
 */
export async function partOfFiles(folder: string, every: number): Promise<RecordFolder> {
  if (every === 1) return { folder, [Symbol.asyncDispose]: async () => {} };
  const part = await mkdtemp(join(tmpdir(), 'nexus-part-'));
  for (const file of recordFiles) {
    const chosen: string[] = [];
    for await (const line of packedLines(folder, file)) if (idOf(line) % every === 0) chosen.push(line);
    await Bun.write(join(part, file), Bun.gzipSync(Buffer.from(`${chosen.join('\n')}\n`), { level: 1 }));
  }
  return { folder: part, [Symbol.asyncDispose]: () => rm(part, { recursive: true, force: true }) };
}

/** The names in a record are sorted: its own id stands before its IMDb id. Reading all of it takes far longer. */
function idOf(line: string): number {
  const id = /"id":(\d+),"imdb_id":/.exec(line)?.[1];
  return id === undefined ? Identified.parse(JSON.parse(line)).id : Number(id);
}
