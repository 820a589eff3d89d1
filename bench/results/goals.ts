export interface Goal {
  what: string;
  /** The bench that measures it. */
  bench: string;
  /** Of each row: what was measured, or how many times its limit that is. */
  of: 'measured' | 'ratio';
  unit: string;
  most?: number;
  least?: number;
}

const ratio = <Bound extends { most: number } | { least: number }>(
  bench: string,
  what: string,
  bound: Bound,
) => ({ ...({ what, bench, of: 'ratio', unit: '×' } as const), ...bound });

/** "How it is judged": CPU a request beside its limit in the same run, where nothing else is said. */
export const goals = {
  hot: ratio('reads', 'hot movie, nothing logged, over a bare route with the same bytes', { most: 1.15 }),
  'hot-logged': ratio('reads', 'hot movie, a line logged for each, likewise', { most: 1.4 }),
  visitor: ratio('reads', 'trending, search cached, related, by a visitor, likewise', { most: 1.3 }),
  'signed-in': ratio('reads', 'each of them signed in, with flags, api and PostgreSQL, over a visitor', {
    most: 2.5,
  }),
  personal: ratio('reads', 'ready personal list, over the hot movie by a visitor', { most: 3 }),
  cold: ratio('reads', 'cold, 32 connections, api and PostgreSQL, over one prepared select each', {
    most: 0.7,
  }),
  lone: ratio('reads', 'a lone cold read, p50, over one prepared select', { most: 1.1 }),
  peer: ratio('reads', 'Express with node-cache, over the hot movie', { least: 20 }),
  flat: ratio('sizes', '1,000 to 1,000,000 movies, 100 to 100,000 users: how much each figure grows', {
    most: 1.1,
  }),
  idle: ratio('overload', '10,000 idle connections: a hot read beside them, over one without them', {
    most: 1.1,
  }),
  'idle-memory': {
    ...{ what: '10,000 idle connections: memory they take', bench: 'overload' },
    ...{ of: 'measured', unit: 'MiB', most: 64 },
  },
  overload: ratio('overload', 'twice the servable rate of cold reads: answers, over the servable rate', {
    least: 0.8,
  }),
  'overload-memory': {
    ...{ what: 'twice the servable rate: memory it takes', bench: 'overload' },
    ...{ of: 'measured', unit: 'MiB', most: 256 },
  },
  'beside-sync': ratio(
    'sync-reads',
    'p95 of a read while a sync writes 30 or 150 details/s, over one without',
    {
      most: 2,
    },
  ),
  'two-processes': ratio('processes', 'two api processes: CPU a request, over one process', { most: 1.15 }),
  'two-as-bare': ratio('processes', 'the same, over what it is of two bare routes', { most: 1.15 }),
  split: {
    ...{ what: 'two api processes: how far a process is from its share', bench: 'processes' },
    ...{ of: 'measured', unit: '%', most: 10 },
  },
} as const satisfies Record<string, Goal>;

export type GoalName = keyof typeof goals;

/** What a row says of its goal. */
export const judgedFigure = (
  goal: Goal,
  { measured, limit = Number.NaN }: { measured: number; limit?: number | undefined },
): number => (goal.of === 'measured' ? measured : measured / limit);

export const isReached = ({ most, least }: Goal, figure: number): boolean =>
  most === undefined ? figure >= (least ?? Number.NaN) : figure <= most;
