import pg from 'pg';
import { CopyIn } from '#shared/db/copy-in.ts';

/** The tables a mirrored movie is spread over, so that what is referred to comes first. */
export const mirrorTables = [
  'genres',
  'collections',
  'keywords',
  'people',
  'companies',
  'movies',
  'movie_genres',
  'movie_keywords',
  'credits',
  'movie_relations',
  'movie_documents',
  'movie_parts',
  'movie_translations',
  'movie_alternative_titles',
  'movie_releases',
  'movie_posters',
  'movie_terms',
] as const;

/** A query the driver hands its protocol messages to. The driver has no COPY of its own. */
class CopyOut {
  readonly done = Promise.withResolvers<void>();
  readonly chunks: Uint8Array[] = [];
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  submit(connection: { query(text: string): void }): void {
    connection.query(this.#text);
  }

  handleCopyData({ chunk }: { chunk: Uint8Array }): void {
    // The driver uses its buffer again.
    this.chunks.push(Uint8Array.from(chunk));
  }
  handleCommandComplete(): void {}
  handleReadyForQuery(): void {
    this.done.resolve();
  }
  handleError(error: Error): void {
    this.done.reject(error);
  }
}

/** The rows of a table, or of a query in brackets, in PostgreSQL's own text form. */
export async function copyOut(client: pg.Client, rows: string): Promise<Uint8Array> {
  const copy = new CopyOut(`copy ${rows} to stdout`);
  client.query(copy as unknown as pg.Submittable);
  await copy.done.promise;
  return Buffer.concat(copy.chunks);
}

export async function copyIn(client: pg.Client, table: string, bytes: Uint8Array): Promise<void> {
  const copy = new CopyIn(`copy ${table} from stdin`, bytes);
  client.query(copy as unknown as pg.Submittable);
  await copy.done;
}

export async function withClient<T>(
  config: pg.ClientConfig,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client(config);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
