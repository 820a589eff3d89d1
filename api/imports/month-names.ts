/**
 * The languages that exports come in. Croatian is none of them: its “listopad” is October, and November in Polish and
 * Czech.
 */
const languages =
  'en de de-AT fr es it pt nl sv da nb fi is pl cs sk sl sr sr-Latn mk bg ru uk ro hu el tr az lt lv et ca gl eu sq id ms ar ar-SY ar-DZ fa-u-ca-gregory he hi bn ta te ka hy th-u-ca-gregory'.split(
    ' ',
  );

/** Read when the first date with a name comes: it takes a tenth of a second. */
let names: ReadonlyMap<string, number> | undefined;

/** Names that two languages use for two months are none. */
function readMonthNames(): ReadonlyMap<string, number> {
  const known = new Map<string, number>([['sept', 9]]);
  const add = (name: string, month: number) => {
    if (name.length >= 3 && !/\d/.test(name))
      known.set(name, (known.get(name) ?? month) === month ? month : 0);
  };
  for (const language of languages)
    for (const style of ['long', 'short'] as const)
      for (const day of [{}, { day: 'numeric' }] as const) {
        const format = new Intl.DateTimeFormat(language, { month: style, timeZone: 'UTC', ...day });
        for (let month = 1; month <= 12; month++) {
          const parts = format.formatToParts(new Date(Date.UTC(2024, month - 1, 15)));
          const name = foldName(parts.find(({ type }) => type === 'month')?.value ?? '');
          add(name, month);
          // “In July” is one word.
          if (language === 'he') add(`ב${name}`, month);
        }
      }
  return known;
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

/** The month of a word, in any language; 0 where it names none. */
export function monthOf(word: string): number {
  names ??= readMonthNames();
  return names.get(foldName(word)) ?? romanMonths.indexOf(word) + 1;
}
