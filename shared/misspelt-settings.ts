import type { Environment } from './config.ts';

/** Read by others than us, and near to a name of ours. */
const ofOthers = new Set(['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY', 'LANGUAGE']);
/** Of a shorter name too many others are neighbors: `POST` and `PART` of `PORT`. */
const shortestGuessed = 6;
const mostEdits = 2;
/** Nobody else's variables begin so. (`NEXUS_` may be Kubernetes': it tells a service's address that way.) */
const ownPrefix = /^(TMDB|MIRROR)_/;

/**
 * Variables that are no settings of ours, but look like one that was meant: a sentence for each. Never a value.
 * @param secrets those of the settings that `<NAME>_FILE` may name a file for
 */
export function misspeltSettings(
  env: Environment,
  settings: readonly string[],
  secrets: readonly string[],
): string[] {
  const known = [...settings, ...secrets.map((name) => `${name}_FILE`)];
  const names = new Set(known);
  return Object.keys(env)
    .filter((name) => env[name] !== '' && !names.has(name) && !ofOthers.has(name.toUpperCase()))
    .flatMap((name) => {
      const [, inFile = ''] = /^(.+)_FILE$/.exec(name) ?? [];
      if (settings.includes(inFile))
        return [`${name} has no effect: only a secret can stand in a file. Set ${inFile} itself.`];
      const meant = nearest(name, known) ?? alike(name, settings);
      if (meant === undefined && !ownPrefix.test(name)) return [];
      return [
        `${name} is not a setting of this service and has no effect. ${meant === undefined ? 'docs/settings.md lists them all.' : `Did you mean ${meant}?`}`,
      ];
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

/** The one that begins and ends with the same words: `TMDB_TOKEN` is `TMDB_ACCESS_TOKEN`. */
function alike(name: string, settings: readonly string[]): string | undefined {
  if (!ownPrefix.test(name)) return undefined;
  const ends = (text: string) => [text.split('_').at(0), text.split('_').at(-1)].join();
  return settings.find((setting) => ends(setting) === ends(name));
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
