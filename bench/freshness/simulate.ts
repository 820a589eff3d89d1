import { createRandom } from '#sandbox/random.ts';
import {
  type RefreshFacts,
  refreshIntervalMs,
  shortestIntervalMs,
  spareCalls,
} from '#shared/movies/refresh-plan.ts';
import { planWindows } from '#worker/changes/plan-windows.ts';
import { createQueue } from './linked-queue.ts';

export interface Simulation {
  movies: number;
  days: number;
  /** Of all movies, evenly, whether known or not. */
  changedPerDay: number;
  /** Calls to TMDb. */
  perSecond: number;
  sparePercent: number;
  /** Without it, nothing but the rule and the rest of the budget brings changes. */
  hasFeed: boolean;
  seed: number;
}

export interface Simulated {
  /** Which part of the movies differed from TMDb: over the whole time, and at the worst minute after the first day. */
  meanWrong: number;
  worstWrong: number;
  callsPerDay: { feed: number; changed: number; due: number; spare: number };
}

const minuteMs = 60_000;
const minutesPerDay = 1440;
/** As the jobs are scheduled. */
const feedEvery = 15;
const pageSize = 100;
const startMs = Date.parse('2026-01-01T00:00:00Z');

/**
 * A mirror and its TMDb, minute by minute. What is decided is decided by the service's own planner (`planWindows`,
 * `refreshIntervalMs`, `spareCalls`, and the order of `claimOrder`); what is simulated is time, the table and TMDb.
 */
export function simulate(options: Simulation): Simulated {
  const { movies, days, changedPerDay, perSecond, sparePercent, hasFeed, seed } = options;
  const random = createRandom(seed, movies, 77);
  const facts = Array.from({ length: movies }, (_, id) => factsOf(id, seed));
  const minutes = days * minutesPerDay;
  const fetchedAt = new Int32Array(movies);
  const markedAt = new Int32Array(movies).fill(-minutesPerDay * 100);
  const isWrong = new Uint8Array(movies);
  const listedOn = new Int32Array(movies).fill(-1);
  const isMarked = new Uint8Array(movies);
  const ages = createQueue(movies, 1);
  const due = createQueue(movies, minutes + 1);
  const marked: number[] = [];
  let markedFirst = 0;
  let lists: { day: number; ids: number[] }[] = [];
  const calls = { feed: 0, changed: 0, due: 0, spare: 0 };
  let [wrong, wrongMinutes, worst, readUntil] = [0, 0, 0, 0];

  // The rule depends on the day slowly: asking it anew once a week is what makes a year of a million affordable.
  const askedAt = new Int32Array(movies).fill(-minutesPerDay * 8);
  const intervals = new Int32Array(movies);
  const plan = (id: number, minute: number) => {
    if (minute - (askedAt[id] ?? 0) >= 7 * minutesPerDay) {
      askedAt[id] = minute;
      const nowMs = startMs + minute * minuteMs;
      intervals[id] = Math.ceil(refreshIntervalMs(facts[id] as RefreshFacts, nowMs) / minuteMs);
    }
    due.move(id, Math.min(minutes, minute + (intervals[id] ?? 0)));
  };
  const fetch = (id: number, minute: number) => {
    if (isWrong[id]) {
      isWrong[id] = 0;
      wrong--;
    }
    fetchedAt[id] = minute;
    isMarked[id] = 0;
    ages.move(id, 0);
    plan(id, minute);
  };
  const mark = (minute: number): number => {
    const { windows } = planWindows({
      readUntilMs: startMs + readUntil * minuteMs,
      nowMs: startMs + minute * minuteMs,
      everything: false,
    });
    readUntil = minute;
    const window = windows.at(-1);
    if (window === undefined) return 0;
    const fromDay = Math.floor((Date.parse(window.from) - startMs) / (minutesPerDay * minuteMs));
    const fetchedBefore = (window.fetchedBeforeMs - startMs) / minuteMs;
    const markedBefore = ((window.markedBeforeMs ?? 0) - startMs) / minuteMs;
    lists = lists.filter(({ day }) => day >= fromDay);
    let listed = 0;
    for (const { ids } of lists) {
      listed += ids.length;
      for (const id of ids) {
        if (isMarked[id]) continue;
        if ((fetchedAt[id] ?? 0) >= fetchedBefore && (markedAt[id] ?? 0) >= markedBefore) continue;
        isMarked[id] = 1;
        markedAt[id] = minute;
        marked.push(id);
      }
    }
    return Math.max(1, Math.ceil(listed / pageSize));
  };

  // A mirror that was filled evenly over the days before.
  for (let id = 0; id < movies; id++) {
    ages.move(id, 0);
    fetchedAt[id] = -Math.floor(((movies - id) / movies) * 7 * minutesPerDay);
    plan(id, 0);
  }
  let [budget, changes, spareLeft] = [0, 0, 0];
  for (let minute = 1; minute <= minutes; minute++) {
    const day = Math.floor(minute / minutesPerDay);
    changes += (movies * changedPerDay) / minutesPerDay;
    for (; changes >= 1; changes--) {
      const id = random.int(movies);
      if (!isWrong[id]) wrong++;
      isWrong[id] = 1;
      if (listedOn[id] === day) continue;
      listedOn[id] = day;
      if (lists.at(-1)?.day !== day) lists.push({ day, ids: [] });
      lists.at(-1)?.ids.push(id);
    }
    // What is not used now cannot be used later.
    budget = Math.min(perSecond * 120, budget + perSecond * 60);
    if (minute % feedEvery === 0) {
      spareLeft = spareCalls({
        perSecond: (perSecond * sparePercent) / 100,
        sinceMs: feedEvery * minuteMs,
      });
      if (hasFeed) {
        const pages = mark(minute);
        calls.feed += pages;
        budget -= pages;
      }
    }
    for (; budget >= 1 && markedFirst < marked.length; budget--, calls.changed++)
      fetch(marked[markedFirst++] ?? 0, minute);
    if (markedFirst > 100_000) {
      marked.splice(0, markedFirst);
      markedFirst = 0;
    }
    for (; budget >= 1; budget--, calls.due++) {
      const id = due.firstUpTo(minute);
      if (id === undefined) break;
      fetch(id, minute);
    }
    for (; budget >= 1 && spareLeft >= 1; budget--, spareLeft--, calls.spare++) {
      const id = ages.firstUpTo(0);
      if (id === undefined || minute - (fetchedAt[id] ?? 0) < shortestIntervalMs / minuteMs) break;
      fetch(id, minute);
    }
    wrongMinutes += wrong;
    if (minute > minutesPerDay) worst = Math.max(worst, wrong);
  }
  const perDay = (count: number) => Math.round(count / days);
  return {
    meanWrong: wrongMinutes / minutes / movies,
    worstWrong: worst / movies,
    callsPerDay: {
      feed: perDay(calls.feed),
      changed: perDay(calls.changed),
      due: perDay(calls.due),
      spare: perDay(calls.spare),
    },
  };
}

/** Few movies are new, popular or read; most are old and quiet. */
export function factsOf(id: number, seed: number): RefreshFacts {
  const random = createRandom(seed, id, 78);
  const ageDays = Math.floor(random.next() ** 2 * 100 * 365) - 200;
  const renown = random.next();
  return {
    tmdb_id: id + 1,
    release_date: new Date(startMs - ageDays * 86_400_000).toISOString().slice(0, 10),
    popularity: renown > 0.99 ? 20 : renown > 0.9 ? 3 : 0.6,
    vote_count: renown > 0.995 ? 5000 : renown > 0.95 ? 200 : 5,
    isTrending: id % 2500 === 0,
    isUsed: id % 50 === 0,
  };
}
