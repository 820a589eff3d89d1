import type { PeopleList } from '#shared/reference/reference-document.ts';
import { savePeople } from '#worker/people/save-people.ts';
import { saveDocument } from '#worker/reference/save-document.ts';
import type { JobContext } from '#worker/runner/handler.ts';
import { acceptList } from '#worker/store/accept-list.ts';
import { notify, writeTransaction } from '#worker/store/write-transaction.ts';
import type { MirroredPerson } from '#worker/tmdb/wire/mirrored-movie.ts';
import { readList } from './read-list.ts';

interface SentPerson {
  person: MirroredPerson;
  /** The row as it was. */
  sent: unknown;
}

/** Keeps a list of people as TMDb sent it, and takes its people into the mirror. */
export async function syncPeopleList(
  list: PeopleList,
  context: JobContext,
  force: boolean | undefined,
): Promise<void> {
  const { em, tmdb, signal, now, counts, losses } = context;
  const { rows } = await readList<SentPerson>(list, {
    idOf: ({ person }) => person.id,
    readPage: async (asked) => {
      const { people, rows: sent, ...page } = await tmdb.people(list, asked, { signal, losses });
      const sentById = new Map(sent.map((row) => [row.id, row]));
      return { ...page, rows: people.map((person) => ({ person, sent: sentById.get(person.id) })) };
    },
  });
  await writeTransaction(em, async (on) => {
    await acceptList(on, list, rows.length, { now: now(), force });
    await savePeople(
      on,
      rows.map(({ person }) => person),
      now(),
    );
    await saveDocument(on, list, { results: rows.map(({ sent }) => sent) }, now());
    await notify(on, { kind: 'list', name: list });
  });
  counts.seen += rows.length;
  counts.unchanged += rows.length;
}
