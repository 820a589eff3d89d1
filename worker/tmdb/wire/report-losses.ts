import { isJsonObject } from '#shared/is-json-object.ts';
import { maxTmdbId } from '#shared/jobs/catalog.ts';

/** @param field keys from the answer's root, without the places in lists @param id of the row that it is in, or is */
export type Report = (field: string, id: number | null, times?: number) => void;

/** Compares what TMDb sent with what could be used of it, and reports each value that was there and is not. */
export function reportLosses(sent: unknown, used: unknown, report: Report): void {
  compare({ sent, used }, { field: '', id: null, report });
}

interface Place {
  field: string;
  id: number | null;
  report: Report;
}

type Pair = Record<'sent' | 'used', unknown>;

function compare({ sent, used }: Pair, place: Place): void {
  if (isTaken(sent, used)) return;
  if (isEmpty(used)) place.report(place.field, place.id);
  else if (Array.isArray(used) && Array.isArray(sent)) compareLists(sent, used, place);
  else if (isJsonObject(used) && isJsonObject(sent)) {
    for (const key of Object.keys(used)) {
      const [given, value] = [sent[key], used[key]];
      if (isTaken(given, value)) continue;
      compare({ sent: given, used: value }, { ...place, field: inside(place.field, key) });
    }
  }
}

function compareLists(sent: unknown[], used: unknown[], { field, id, report }: Place): void {
  if (sent.length > used.length) report(field, id, sent.length - used.length);
  for (let index = 0; index < used.length; index++) {
    const [row, value] = [sent[index], used[index]];
    if (isTaken(row, value)) continue;
    if (!isJsonObject(row)) compare({ sent: row, used: value }, { field, id, report });
    else {
      const own = isTmdbId(row.id) ? row.id : undefined;
      const lost = value === null && own === undefined ? inside(field, 'id') : field;
      compare({ sent: row, used: value }, { field: lost, id: own ?? id, report });
    }
  }
}

/** Most values are as they were sent, so this is asked first. `undefined`: a row that is something else than what the list is about. */
const isTaken = (sent: unknown, used: unknown) => sent === used || used === undefined || isEmpty(sent);
const isTmdbId = (id: unknown): id is number =>
  typeof id === 'number' && Number.isInteger(id) && id >= 1 && id <= maxTmdbId;
const inside = (field: string, key: string) => (field === '' ? key : `${field}.${key}`);
const isEmpty = (value: unknown) => value === null || value === undefined || value === '';
