import { gunzipSync } from 'node:zlib';
import { createGeneratedCatalogue } from '#sandbox/generated-catalogue.ts';
import { allParts } from '#sandbox/wire.ts';
import { packPart } from '#shared/movies/stored-parts.ts';
import { parseDetails } from '#worker/tmdb/wire/parse-answer.ts';
import { ownCpuMs } from './write-meter.ts';

/**
 * Processor time of what no worker can leave out, each movie: the answer unpacked and parsed, and its parts packed. No
 * call, no look at what it says, no rows and no statements.
 */
export async function bareWorkMs(count: number): Promise<number> {
  const catalogue = createGeneratedCatalogue({ seed: 1, movies: count });
  const answers = Array.from({ length: count }, (_, position) => {
    const id = catalogue.idAt(position);
    const text = JSON.stringify(catalogue.details(id, allParts));
    const parts = [...parseDetails(JSON.parse(text), id).parts.texts.values()];
    return { body: Bun.gzipSync(Buffer.from(text)), parts };
  });
  const startedMs = ownCpuMs();
  for (const { body, parts } of answers) {
    JSON.parse(gunzipSync(body).toString());
    for (const part of parts) await packPart(part);
  }
  return (ownCpuMs() - startedMs) / count;
}
