import { z } from 'zod';
import { packedLines } from '../real/read-files.ts';

const Record = z.object({
  title: z.string(),
  credits: z.object({ cast: z.array(z.object({ name: z.string().nullish() })).nullish() }).nullish(),
});

/** The titles and the names of actors in the real records. */
export async function readRealNames(folder: string): Promise<{ titles: string[]; names: string[] }> {
  const titles: string[] = [];
  const names = new Set<string>();
  for await (const line of packedLines(folder, 'movies-30k.ndjson.gz')) {
    const { title, credits } = Record.parse(JSON.parse(line));
    titles.push(title.slice(0, 255).toWellFormed());
    for (const { name } of credits?.cast ?? []) if (name) names.add(name);
  }
  return { titles, names: [...names] };
}
