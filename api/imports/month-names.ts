import { yieldToOthers } from '../http/input/in-slices.ts';

/**
 * The languages that exports come in. Croatian is none of them: its “listopad” is October, and November in Polish and
 * Czech.
 */
const languages =
  'en de de-AT fr es it pt nl sv da nb fi is pl cs sk sl sr sr-Latn mk bg ru uk ro hu el tr az lt lv et ca gl eu sq id ms ar ar-SY ar-DZ fa-u-ca-gregory he hi bn ta te ka hy th-u-ca-gregory'.split(
    ' ',
  );

export interface MonthNames {
  /** Reads one language after the other, so that nobody waits for all of them. */
  load(): Promise<void>;
  /** The month of a word, in any language; 0 where it names none. What is not loaded is read at once. */
  monthOf(word: string): number;
}

/** All of them take a tenth of a second to read, so that is done when dates come. */
export function createMonthNames(): MonthNames {
  const unread = [...languages];
  const names = new Map<string, number>([['sept', 9]]);
  // Names that two languages use for two months are none.
  const add = (name: string, month: number) => {
    if (name.length >= 3 && !/\d/.test(name))
      names.set(name, (names.get(name) ?? month) === month ? month : 0);
  };
  const readOne = (): boolean => {
    const language = unread.pop();
    if (language === undefined) return false;
    for (const { name, month } of namesIn(language)) add(name, month);
    return true;
  };
  return {
    async load() {
      while (readOne()) await yieldToOthers();
    },
    monthOf(word) {
      while (readOne());
      return names.get(foldName(word)) ?? romanMonths.indexOf(word) + 1;
    },
  };
}

function* namesIn(language: string): Generator<{ name: string; month: number }> {
  for (const style of ['long', 'short'] as const)
    for (const day of [{}, { day: 'numeric' }] as const) {
      const format = new Intl.DateTimeFormat(language, { month: style, timeZone: 'UTC', ...day });
      for (let month = 1; month <= 12; month++) {
        const parts = format.formatToParts(new Date(Date.UTC(2024, month - 1, 15)));
        const name = foldName(parts.find(({ type }) => type === 'month')?.value ?? '');
        yield { name, month };
        // “In July” is one word.
        if (language === 'he') yield { name: `ב${name}`, month };
      }
    }
}

function foldName(text: string): string {
  return text
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[\u0300-\u036f.]/g, '')
    .replaceAll('ı', 'i');
}

/** As dates are written in Poland and Hungary: `25 VII 2019`. */
const romanMonths = ['I', 'II', 'III', 'IV', 'V', 'VI', 'VII', 'VIII', 'IX', 'X', 'XI', 'XII'];

export const monthNames = createMonthNames();
