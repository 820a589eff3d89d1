import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createGunzip } from 'node:zlib';
import { z } from 'zod';

/** Where an id has a record in both, that of the first file counts. */
export const recordFiles = ['movie-details-with-credits.ndjson.gz', 'movies-30k.ndjson.gz'] as const;

const Named = z.object({ id: z.number().nullable() });
const Credit = Named.extend({ credit_id: z.string().nullish() });

/** As much of a record as is counted. */
export const FileRecord = z.object({
  id: z.number(),
  genres: z.array(Named).nullish(),
  belongs_to_collection: Named.nullish(),
  credits: z.object({ cast: z.array(Credit).nullish(), crew: z.array(Credit).nullish() }).nullish(),
  keywords: z.object({ keywords: z.array(Named).nullish() }).nullish(),
});
export type FileRecord = z.infer<typeof FileRecord>;

/** The lines of a packed file. They end at a line feed and nowhere else: the texts contain other separators. */
export async function* packedLines(folder: string, file: string): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of createReadStream(join(folder, file)).pipe(createGunzip())) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}
