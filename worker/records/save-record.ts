import type { EntityManager } from '@mikro-orm/postgresql';
import { runStatement } from '#shared/db/run-statement.ts';
import { sql } from '#shared/db/sql.ts';
import { isJsonObject } from '#shared/is-json-object.ts';
import { translationsOf } from '#shared/movies/localize-details.ts';
import { packPart } from '#shared/movies/stored-parts.ts';
import { companyOf, saveCompanies } from '#worker/movies/save-companies.ts';
import { saveListedMovies } from '#worker/movies/save-listed-movies.ts';
import { savePeople } from '#worker/people/save-people.ts';
import { notify, type Sql, writeTransaction } from '#worker/store/write-transaction.ts';
import type { AnsweredRecord } from '#worker/tmdb/wire/answered-record.ts';
import type { NamedId } from '#worker/tmdb/wire/mirrored-movie.ts';

/**
 * Keeps a person, a collection or a company whole, in one transaction, with all that it is shown with. An answer that
 * says what we already hold only moves `fetched_at`.
 */
export async function saveRecord(
  em: EntityManager,
  record: AnsweredRecord,
  now: Date,
): Promise<'created' | 'updated' | 'unchanged'> {
  const hash = hashOf(record);
  return writeTransaction(em, async (on) => {
    const before = await putRow(on, record, hash, now);
    // Also of an unchanged one: what is known of its movies must not grow older than it is itself.
    const { changed } = await saveListedMovies(on, record.movies, { scope: null, now });
    if (record.person !== undefined) await savePeople(on, [record.person], now);
    if (record.collection !== undefined)
      await saveCollection(on, record.collection, record.texts.get('translations'));
    if (record.kind === 'company') {
      const details = JSON.parse(record.texts.get('details') ?? '{}') as unknown;
      await saveCompanies(on, companyOf(details), now);
    }
    if (before !== hash) {
      await replaceParts(on, record);
      if (record.person !== undefined) await replaceCredits(on, record);
    }
    await notify(on, { kind: 'records', of: record.kind, ids: [record.id] });
    const named = record.kind === 'collection' && before !== hash ? await readMoviesOf(on, record.id) : [];
    const told = [...new Set([...changed, ...named])];
    if (told.length > 0) await notify(on, { kind: 'movies', ids: told });
    return before === undefined ? 'created' : before === hash ? 'unchanged' : 'updated';
  });
}

/** As PostgreSQL's bigint has it. */
const hashOf = ({ texts }: AnsweredRecord): string =>
  BigInt.asIntN(64, BigInt(Bun.hash.wyhash(JSON.stringify([...texts])))).toString();

/** @returns the hash before; `undefined` if it was not known in full */
async function putRow(
  on: Sql,
  { kind, id }: AnsweredRecord,
  hash: string,
  now: Date,
): Promise<string | undefined> {
  const [known] = await runStatement(
    on,
    sql<{ hash: string | null }>`
      select hash::text from records where kind = ${kind} and id = ${id} and state = 'detailed' for update`,
  );
  await runStatement(
    on,
    sql`
      insert into records (kind, id, state, hash, fetched_at) values (${kind}, ${id}, 'detailed', ${hash}::bigint, ${now})
      on conflict (kind, id) do update set state = 'detailed', hash = excluded.hash, fetched_at = excluded.fetched_at,
        attempted_at = null, first_absent_at = null, last_absent_at = null, gone_at = null`,
  );
  return known?.hash ?? undefined;
}

async function replaceParts(on: Sql, { kind, id, texts }: AnsweredRecord): Promise<void> {
  await runStatement(on, sql`delete from record_parts where kind = ${kind} and id = ${id}`);
  for (const [part, text] of texts) {
    const body = Buffer.from(await packPart(text));
    await runStatement(
      on,
      sql`insert into record_parts (kind, id, part, body) values (${kind}, ${id}, ${part}, ${body})`,
    );
  }
}

async function replaceCredits(on: Sql, { id, credits }: AnsweredRecord): Promise<void> {
  await runStatement(on, sql`delete from person_credits where person_id = ${id}`);
  await runStatement(
    on,
    sql`
      insert into person_credits (person_id, credit_id, movie_id, kind, character, department, job, position)
      select ${id}, i.credit_id, m.id, i.kind, i.character, i.department, i.job, i.position
      from json_to_recordset(${JSON.stringify(credits)}::json) as i(credit_id text, tmdb_id int, kind text,
        character text, department text, job text, position int)
      join movies m on m.tmdb_id = i.tmdb_id`,
  );
}

/** Those that say what their collection is called. */
async function readMoviesOf(on: Sql, collectionId: number): Promise<number[]> {
  const rows = await runStatement(
    on,
    sql<{ tmdb_id: number }>`select tmdb_id from movies where collection_id = ${collectionId}`,
  );
  return rows.map(({ tmdb_id }) => tmdb_id);
}

/** @param translations what TMDb calls it elsewhere, as JSON */
async function saveCollection(on: Sql, { id, name }: NamedId, translations = '{}'): Promise<void> {
  await runStatement(
    on,
    sql`
      insert into collections as c (id, name) values (${id}, ${name})
      on conflict (id) do update set name = excluded.name where c.name <> excluded.name`,
  );
  const names = namesIn(translations);
  const languages = names.map(({ language }) => language);
  await runStatement(
    on,
    sql`
      delete from collection_names
      where collection_id = ${id} and language <> '' and language <> all(${languages}::text[])`,
  );
  await runStatement(
    on,
    sql`
      select put_collection_name(${id}, language, name)
      from unnest(${languages}::text[], ${names.map((one) => one.name)}::text[]) as i(language, name)`,
  );
}

/** A collection's name is in `title`. */
function namesIn(translations: string): { language: string; name: string }[] {
  const part: unknown = JSON.parse(translations);
  const all = translationsOf(isJsonObject(part) ? part : {}).flatMap(({ language, title }) =>
    /^[a-z]{2}-[A-Z]{2}$/.test(language) && title !== null ? [[language, title] as const] : [],
  );
  return [...new Map(all)].map(([language, name]) => ({ language, name }));
}
