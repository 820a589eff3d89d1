import type { Pool, QueryConfig } from 'pg';

/** The same pool, which notes the name of each statement that is run on it. */
export const notingPool = (pool: Pool, run: string[]): Pool =>
  new Proxy(pool, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      if (name !== 'query') return value.bind(target);
      return (...asked: [QueryConfig]) => {
        run.push(asked[0].name ?? '');
        return target.query(...asked);
      };
    },
  });
