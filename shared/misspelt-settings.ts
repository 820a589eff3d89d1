import type { Environment } from './config.ts';

/** Read by others than us, and near to a name of ours. */
const ofOthers = new Set(['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY']);
/** Of a shorter name too many others are neighbors: `POST` and `PART` of `PORT`. */
const shortestGuessed = 6;
const mostEdits = 2;

/** Variables that are no settings of ours, but look like one that was meant: a sentence for each. Never a value. */
export function misspeltSettings(env: Environment, known: readonly string[]): string[] {
  const names = new Set(known);
  return Object.keys(env)
    .filter((name) => env[name] !== '' && !names.has(name) && !ofOthers.has(name.toUpperCase()))
    .flatMap((name) => {
      const meant = nearest(name, known);
      return meant === undefined
        ? []
        : [`${name} is not a setting of this service and has no effect. Did you mean ${meant}?`];
    });
}

function nearest(name: string, known: readonly string[]): string | undefined {
  const upper = name.toUpperCase().replaceAll('-', '_');
  const near = known
    .map((setting) => ({ setting, edits: editsBetween(upper, setting) }))
    .filter(({ setting, edits }) => edits === 0 || (setting.length >= shortestGuessed && edits <= mostEdits))
    .sort((a, b) => a.edits - b.edits);
  return near[0]?.setting;
}

/** How many letters must be added, taken away, replaced, or exchanged with their neighbor. */
export function editsBetween(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > mostEdits) return mostEdits + 1;
  let [beforeLast, last]: number[][] = [[], Array.from({ length: b.length + 1 }, (_, i) => i)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let edits = Math.min(at(last, j) + 1, at(row, j - 1) + 1, at(last, j - 1) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        edits = Math.min(edits, at(beforeLast, j - 2) + 1);
      row.push(edits);
    }
    [beforeLast, last] = [last, row];
  }
  return at(last, b.length);
}

const at = (row: readonly number[] | undefined, index: number): number => row?.[index] ?? 0;
