import type { z } from 'zod';
import { isJsonObject } from '#shared/is-json-object.ts';
import type { RecordKind } from '#shared/records/record.ts';
import { type RecordPartName, recordParts } from '#shared/records/stored-records.ts';
import { upstreamError } from '../upstream/upstream-error.ts';
import type { AnsweredRecord, PersonCreditOf } from './answered-record.ts';
import type { Losses } from './losses.ts';
import { mapListedMovies } from './map-listed-movie.ts';
import { parse } from './parse-answer.ts';
import { textOf, withRowsOnly } from './read-parts.ts';
import { WireCollection, WireCompany, WirePerson, type WirePersonCredit } from './record-schemas.ts';
import { isPresent } from './wire-fields.ts';

type Taken = Pick<AnsweredRecord, 'person' | 'credits' | 'collection' | 'movies'>;

/** What TMDb sends where it has nothing to say. */
const empty: Record<Exclude<RecordPartName, 'details'>, unknown> = {
  movie_credits: { cast: [], crew: [] },
  combined_credits: { cast: [], crew: [] },
  images: {},
  external_ids: {},
  translations: { translations: [] },
  alternative_names: { results: [] },
};

/** The record that was asked for, with its parts. @throws {NexusError} `upstream_malformed` */
export function parseRecord<Kind extends RecordKind>(
  kind: Kind,
  json: unknown,
  askedId: number,
  losses?: Losses,
): AnsweredRecord<Kind> {
  const { id, ...taken } = take(kind, json, askedId, losses);
  if (id !== askedId)
    throw upstreamError('upstream_malformed', { what: `asked for ${kind} ${askedId}, got ${id}` });
  return { kind, id, texts: textsOf(kind, json as Record<string, unknown>), ...taken };
}

function take(
  kind: RecordKind,
  json: unknown,
  askedId: number,
  losses: Losses | undefined,
): Taken & { id: number } {
  const read = <T extends z.ZodType>(schema: T) =>
    parse(schema, json, (field, _id, times) => losses?.value(`${kind}.${field}`, askedId, times));
  if (kind === 'company') return { id: read(WireCompany).id, credits: [], movies: [] };
  if (kind === 'collection') {
    const { id, name, parts } = read(WireCollection);
    return { id, collection: { id, name }, credits: [], movies: mapListedMovies(parts) };
  }
  const {
    movie_credits: films,
    images: _,
    external_ids: __,
    translations: ___,
    combined_credits: ____,
    ...person
  } = read(WirePerson);
  const credits = [...creditsOf(films.cast, 'cast'), ...creditsOf(films.crew, 'crew')];
  return {
    id: person.id,
    person,
    credits: [...new Map(credits.map((credit) => [credit.credit_id, credit])).values()],
    movies: mapListedMovies([...films.cast, ...films.crew]),
  };
}

const creditsOf = (rows: readonly (WirePersonCredit | null | undefined)[], kind: 'cast' | 'crew') =>
  rows.flatMap((row, position): PersonCreditOf[] => {
    if (!isPresent(row)) return [];
    const { credit_id, character, department, job } = row;
    const post =
      kind === 'cast' ? { character, department: null, job: null } : { character: null, department, job };
    return [{ tmdb_id: row.id, credit_id, kind, ...post, position }];
  });

function textsOf<Kind extends RecordKind>(kind: Kind, answer: Record<string, unknown>) {
  const parts: readonly string[] = recordParts[kind];
  const bare = Object.fromEntries(Object.entries(answer).filter(([key]) => !parts.includes(key)));
  const texts = new Map([['details', textOf(bare)]]);
  for (const part of parts) {
    // TMDb gives an appended part no id of its own.
    const { id: _, ...own } = (answer[part] ?? empty[part as keyof typeof empty]) as Record<string, unknown>;
    texts.set(part, textOf(withRowsOnly(asShown(part, own))));
  }
  return texts as Map<RecordPartName<Kind>, string>;
}

/** Credits are kept with both lists, and of everything that somebody took part in the movies: nobody reads the rest. */
function asShown(part: string, own: Record<string, unknown>): Record<string, unknown> {
  if (part !== 'movie_credits' && part !== 'combined_credits') return own;
  const isShown = (row: unknown) =>
    isJsonObject(row) && (part === 'movie_credits' || row.media_type === 'movie');
  const rows = (list: unknown) => (Array.isArray(list) ? list.filter(isShown) : []);
  return { cast: rows(own.cast), crew: rows(own.crew) };
}
