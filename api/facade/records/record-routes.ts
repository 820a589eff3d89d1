import type { RecordKind } from '#shared/records/record.ts';
import { askedTexts } from '../movies/movie-parts.ts';
import type { TranslateRows } from '../rows/translate-rows.ts';
import { appendedNames, idOf } from '../wire/asked-query.ts';
import type { ReadyDocument } from '../wire/document.ts';
import type { Documents } from '../wire/documents.ts';
import type { TmdbCall, TmdbRoute } from '../wire/tmdb-route.ts';
import type { ReadRecord, RecordReader } from './read-record.ts';
import { type AskedRecord, isLocalized, type RecordViews, recordViews } from './record-views.ts';

interface RecordRoutesDeps {
  kind: RecordKind;
  read: RecordReader;
  documents: Documents;
  translateRows: TranslateRows;
}

type Answer = ReadyDocument | Promise<ReadyDocument>;

/** A person, a collection or a company with what is appended to it, and each of its parts. */
export function recordRoutes(deps: RecordRoutesDeps): TmdbRoute[] {
  const { kind } = deps;
  const parts = Object.entries(recordViews[kind].parts)
    .filter(([, { isAppendedOnly = false }]) => !isAppendedOnly)
    .map(([name]) => ({
      path: `${kind}/:id/${name}`,
      answer: (call: TmdbCall) => answerPart(deps, call, name),
    }));
  return [{ path: `${kind}/:id`, answer: (call) => answerWhole(deps, call) }, ...parts];
}

function answerWhole(deps: RecordRoutesDeps, { params, query, addressOf }: TmdbCall): Answer {
  const { kind, read, documents } = deps;
  const views = recordViews[kind];
  const id = idOf(params.id);
  const appended = appendedNames(query, Object.keys(views.parts));
  const asked = askedTexts(query);
  return documents.ofRecord(kind, id, JSON.stringify([appended, asked]), async () => {
    const own = ['details', ...(isLocalized(views, asked) ? views.localizedFrom : [])];
    const parts = [...new Set([...own, ...appended.flatMap((name) => views.parts[name]?.from ?? [])])];
    const record = await read({ id, parts }, addressOf);
    const details = await detailsText(deps, views, record, asked);
    const texts = await Promise.all(
      appended.map(async (name) => `,${JSON.stringify(name)}:${await partText(deps, record, name, asked)}`),
    );
    return { text: `${details.slice(0, -1)}${texts.join('')}}`, fetchedAtMs: record.fetchedAtMs };
  });
}

function answerPart(deps: RecordRoutesDeps, { params, query, addressOf }: TmdbCall, name: string): Answer {
  const { kind, read, documents } = deps;
  const id = idOf(params.id);
  const asked = askedTexts(query);
  return documents.ofRecord(kind, id, `${name} ${JSON.stringify(asked)}`, async () => {
    const { from } = recordViews[kind].parts[name] ?? {};
    const record = await read({ id, parts: from === undefined ? [] : [from] }, addressOf);
    const text = await partText(deps, record, name, asked);
    const whole = text === '{}' ? `{"id":${id}}` : `{"id":${id},${text.slice(1)}`;
    return { text: whole, fetchedAtMs: record.fetchedAtMs };
  });
}

async function detailsText(
  { translateRows }: RecordRoutesDeps,
  views: RecordViews,
  { texts }: ReadRecord,
  asked: AskedRecord,
): Promise<string> {
  if (!isLocalized(views, asked)) return texts.get('details') ?? '{}';
  const parts = Object.fromEntries([...texts].map(([name, text]) => [name, JSON.parse(text)]));
  return JSON.stringify(await views.details(parts, asked, translateRows));
}

async function partText(
  { kind, translateRows }: RecordRoutesDeps,
  { texts }: ReadRecord,
  name: string,
  asked: AskedRecord,
): Promise<string> {
  const found = recordViews[kind].parts[name];
  if (found === undefined) throw new Error(`there is no part ${name} of a ${kind}`);
  return found.view(texts.get(found.from ?? '') ?? '{}', asked, translateRows);
}
