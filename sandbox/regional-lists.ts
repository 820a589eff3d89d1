import { type Catalogue, PAGE_SIZE, pageOfIds } from './catalogue.ts';
import { chanceOf, salts } from './random.ts';
import type { WirePage } from './wire.ts';

export const regionalLists = ['popular', 'now_playing', 'top_rated', 'upcoming'] as const;
export type RegionalList = (typeof regionalLists)[number];

/** Lists are made of so many popular movies, so that they cost the same in a large catalogue. */
const looked = 2000;
const mostPlaying = 3 * PAGE_SIZE;
const dayMs = 86_400_000;

/** TMDb has a list of its own for each country: here a tenth of the movies is missing elsewhere, each time another one. */
const isKnownIn = (region: string) => (id: number) =>
  region === 'US' || chanceOf(region.charCodeAt(0) * 256 + region.charCodeAt(1), id, salts.region) >= 0.1;

/** One page of a list; those of cinemas say between which days. */
export function regionalPage(
  list: RegionalList,
  { catalogue, page, region }: { catalogue: Catalogue; page: number; region: string },
): WirePage & { dates?: { maximum: string; minimum: string } } {
  const today = new Date().toISOString().slice(0, 10);
  const ids = orders[list](catalogue, today).filter(isKnownIn(region));
  const dates = datesOf(list, today);
  return { ...(dates && { dates }), ...pageOfIds(catalogue, ids, page) };
}

type Order = (catalogue: Catalogue, today: string) => readonly number[];

const briefsOf = (catalogue: Catalogue) =>
  catalogue
    .popular()
    .slice(0, looked)
    .flatMap((id) => catalogue.brief(id) ?? []);

const newest: Order = (catalogue) =>
  briefsOf(catalogue)
    .toSorted((a, b) => (b.release_date ?? '').localeCompare(a.release_date ?? '') || a.id - b.id)
    .map(({ id }) => id);

const isAfter = (catalogue: Catalogue, today: string) => (id: number) =>
  (catalogue.brief(id)?.release_date ?? '') > today;

const orders: Record<RegionalList, Order> = {
  popular: (catalogue) => catalogue.popular(),
  top_rated: (catalogue) =>
    briefsOf(catalogue)
      .filter(({ vote_count }) => vote_count >= 200)
      .sort((a, b) => b.vote_average - a.vote_average || a.id - b.id)
      .map(({ id }) => id),
  now_playing(catalogue, today) {
    const isNotYet = isAfter(catalogue, today);
    return newest(catalogue, today)
      .filter((id) => !isNotYet(id))
      .slice(0, mostPlaying);
  },
  // A small catalogue may have none: then its newest ones stand in for them.
  upcoming(catalogue, today) {
    const all = newest(catalogue, today);
    const coming = all.filter(isAfter(catalogue, today)).reverse();
    return coming.length > 0 ? coming : all.slice(0, PAGE_SIZE);
  },
};

function datesOf(list: RegionalList, today: string) {
  const inDays = (days: number) =>
    new Date(Date.parse(`${today}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10);
  if (list === 'now_playing') return { maximum: inDays(6), minimum: inDays(-42) };
  return list === 'upcoming' ? { maximum: inDays(21), minimum: inDays(1) } : undefined;
}
