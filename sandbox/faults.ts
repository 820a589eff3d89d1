import { z } from 'zod';
import { chanceOf, salts } from './random.ts';

export const faultKinds = [
  'slow',
  'status-500',
  'status-503',
  'rate-limited',
  'rate-limited-retry-after',
  'html',
  'html-200',
  'truncated',
  'truncated-gzip',
  'gzip-without-header',
  'wrong-shape',
  'empty-list',
  'short-list',
  'vanish',
  'bad-key',
  'suspended-key',
  'id-invalid',
  'entry-not-found-200',
  'hang',
  'reset',
  'huge',
] as const;

export type FaultKind = (typeof faultKinds)[number];

export const FaultRules = z.array(
  z.strictObject({
    kind: z.enum(faultKinds),
    /** A template such as `/movie/{id}` or `GET /movie/{id}`, or any part of path and query; absent: everything. */
    match: z.string().optional(),
    /** Only paths with one of these movie ids. */
    ids: z.array(z.int()).optional(),
    /** How often the rule applies before it is spent. */
    times: z.int().min(0).optional(),
    probability: z.number().min(0).max(1).optional(),
    /** For `slow`. */
    delayMs: z.number().min(0).optional(),
    /** For `rate-limited-retry-after`: seconds, or any text to send as it is. */
    retryAfter: z.union([z.number(), z.string()]).optional(),
  }),
);

export type FaultRule = z.infer<typeof FaultRules>[number];

/** What a rule is held against. */
export interface FaultSubject {
  template: string;
  /** Path with its query. */
  target: string;
  movieId: number | undefined;
}

export interface Faults {
  set(rules: readonly FaultRule[]): void;
  /** The first rule that applies to this request, which it uses up once. */
  take(subject: FaultSubject): FaultRule | undefined;
}

function applies(rule: FaultRule, { template, target, movieId }: FaultSubject): boolean {
  if (rule.ids && (movieId === undefined || !rule.ids.includes(movieId))) return false;
  if (rule.match === undefined) return true;
  const wanted = rule.match.replace(/^GET /, '');
  return template === wanted || (!wanted.includes('{') && target.includes(wanted));
}

/** Rules in force; a chance is thrown from the seed and the number of the throw, so that a run can be repeated. */
export function createFaults(seed: number): Faults {
  let active: { rule: FaultRule; left: number }[] = [];
  let throws = 0;
  return {
    set(rules) {
      throws = 0;
      active = rules.map((rule) => ({ rule, left: rule.times ?? Number.POSITIVE_INFINITY }));
    },
    take(subject) {
      for (const entry of active) {
        if (entry.left <= 0 || !applies(entry.rule, subject)) continue;
        const { probability = 1 } = entry.rule;
        if (probability < 1 && chanceOf(seed, throws++, salts.faults) >= probability) continue;
        entry.left--;
        return entry.rule;
      }
      return undefined;
    },
  };
}
