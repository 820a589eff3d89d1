import { needsOf } from '../callers/route-needs.ts';

/** What a route accepts as a body. */
export interface BodyRule {
  limitBytes: number;
  mediaType: string;
  /** Other names of the same kind of body. */
  otherTypes?: readonly string[];
  /** How many values JSON may hold: far more than the longest list that a route takes (500 items of a few fields). */
  maxValues: number;
}

type Route = Parameters<typeof needsOf>[0];

const kibibyte = 1024;
const ordinaryBytes = 1024 * kibibyte;
/** Nobody who has not signed in yet has more to say than this. */
export const smallBytes = 64 * kibibyte;

/** Spread into a route's options, where it takes something other than JSON of the ordinary size. */
export const stateBody = (bodyRule: Partial<BodyRule>): object => ({ bodyRule });

/** For routes of signing in and out, also those that need a token. */
export const smallBody = stateBody({ limitBytes: smallBytes });

/**
 * For routes that take the form of a page. Nobody types more than this, and each field costs time, however short it is:
 * 64 KiB of `%&` took ten times what an ordinary form does.
 */
export const formBody = stateBody({
  limitBytes: 16 * kibibyte,
  mediaType: 'application/x-www-form-urlencoded',
});

/** What a route takes: JSON of up to 1 MiB, or up to 64 KiB where anybody may call, unless the route says otherwise. */
export function bodyRuleOf(route: Route | undefined): BodyRule {
  const isOpen = route !== undefined && needsOf(route).includes('nothing');
  const { bodyRule } = (route?.hooks ?? {}) as { bodyRule?: Partial<BodyRule> };
  const ordinary = { limitBytes: isOpen ? smallBytes : ordinaryBytes, mediaType: 'application/json' };
  const rule = { ...ordinary, ...bodyRule };
  return { maxValues: rule.limitBytes <= smallBytes ? 500 : 10_000, ...rule };
}

/** A size as a caller is told it. */
export const sizeText = (bytes: number): string =>
  bytes < 1024 * kibibyte ? `${bytes / kibibyte} KiB` : `${bytes / 1024 / kibibyte} MiB`;
