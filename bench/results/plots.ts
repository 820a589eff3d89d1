export interface Plot {
  title: string;
  unit: string;
}

/** All of them over the size: so many movies, and a tenth of that users. */
export const plots = {
  'cpu-by-size': { title: 'Processor time of a request, api and PostgreSQL', unit: 'µs' },
  'waits-by-size': { title: 'What is computed when asked for: middle wait, nothing cached', unit: 'ms' },
  'memory-by-size': { title: 'Memory of an api process', unit: 'MiB' },
  'start-by-size': {
    title: 'From the start of an api process to its first answer, with PostgreSQL’s part',
    unit: 'ms',
  },
  'disk-by-size': { title: 'The database on disk', unit: 'MiB' },
} as const satisfies Record<string, Plot>;

export type PlotName = keyof typeof plots;
