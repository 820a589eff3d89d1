import { TmdbFailure } from '../wire/tmdb-failure.ts';

const refuse = () => new TmdbFailure(47);
export const maxInt = 2_147_483_647;
const mostValues = 50;

/** TMDb's lists: `,` is "and", `|` is "or". One that has both is an "or". @throws {TmdbFailure} 47 */
export function valuesOf(text: string): { any: boolean; values: string[] } {
  const any = text.includes('|');
  const values = text
    .split(any ? /[|,]/ : ',')
    .map((value) => value.trim())
    .filter((value) => value !== '');
  if (values.length === 0 || values.length > mostValues) throw refuse();
  return { any, values };
}

/** @throws {TmdbFailure} 47 */
export function wholeNumber(text: string): number {
  const number = Number(text);
  if (!/^-?\d{1,10}$/.test(text.trim()) || Math.abs(number) > maxInt) throw refuse();
  return number;
}

/** @throws {TmdbFailure} 47 */
export function idsOf(text: string): { any: boolean; ids: number[] } {
  const { any, values } = valuesOf(text);
  return { any, ids: [...new Set(values.map(wholeNumber))] };
}
