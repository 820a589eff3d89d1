import type { RecordKind } from '#shared/records/record.ts';
import { askedTexts } from '../movies/movie-parts.ts';
import type { Translator } from '../rows/translator.ts';
import { appendedNames, idOf } from '../wire/asked-query.ts';
import type { ReadyDocument } from '../wire/document.ts';
import type { Documents } from '../wire/documents.ts';
import { isEmptyObject, type JsonPiece, joinPieces, noMembers } from '../wire/json-pieces.ts';
import type { TmdbCall, TmdbRoute } from '../wire/tmdb-route.ts';
import type { ReadRecord, RecordReader } from './read-record.ts';
import { type AskedRecord, isLocalized, type RecordViews, recordViews } from './record-views.ts';

interface RecordRoutesDeps {
  kind: RecordKind;
  read: RecordReader;
  documents: Documents;
  translator: Translator;
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
    const own = detailsFrom(views, asked);
    const parts = [...new Set([...own, ...appended.flatMap((name) => views.parts[name]?.from ?? [])])];
    const record = await read({ id, parts }, addressOf);
    const details = await detailsJson(deps, views, record, asked);
    const members = await Promise.all(
      appended.map(async (name) => [`,${JSON.stringify(name)}:`, await partJson(deps, record, name, asked)]),
    );
    const text = joinPieces([details.slice(0, -1), ...members.flat(), '}']);
    return { text, fetchedAtMs: record.fetchedAtMs };
  });
}

function answerPart(deps: RecordRoutesDeps, { params, query, addressOf }: TmdbCall, name: string): Answer {
  const { kind, read, documents } = deps;
  const id = idOf(params.id);
  const asked = askedTexts(query);
  return documents.ofRecord(kind, id, `${name} ${JSON.stringify(asked)}`, async () => {
    const { from } = recordViews[kind].parts[name] ?? {};
    const record = await read({ id, parts: from === undefined ? [] : [from] }, addressOf);
    const part = await partJson(deps, record, name, asked);
    const text = isEmptyObject(part) ? `{"id":${id}}` : joinPieces([`{"id":${id},`, part.slice(1)]);
    return { text, fetchedAtMs: record.fetchedAtMs };
  });
}

/** The stored parts that its own details are made of. */
const detailsFrom = (views: RecordViews, asked: AskedRecord) => [
  'details',
  ...(isLocalized(views, asked) ? views.localizedFrom : []),
];

async function detailsJson(
  { translator }: RecordRoutesDeps,
  views: RecordViews,
  { parts }: ReadRecord,
  asked: AskedRecord,
): Promise<JsonPiece> {
  if (!isLocalized(views, asked)) return parts.get('details') ?? noMembers;
  const parsed = Object.fromEntries(
    detailsFrom(views, asked).map((name) => [name, JSON.parse((parts.get(name) ?? noMembers).toString())]),
  );
  return JSON.stringify(await views.details(parsed, asked, translator));
}

async function partJson(
  { kind, translator }: RecordRoutesDeps,
  { parts }: ReadRecord,
  name: string,
  asked: AskedRecord,
): Promise<JsonPiece> {
  const found = recordViews[kind].parts[name];
  if (found === undefined) throw new Error(`there is no part ${name} of a ${kind}`);
  return found.view(parts.get(found.from ?? '') ?? noMembers, asked, translator);
}
