import type { Pool, PoolClient, QueryConfig } from 'pg';

const noting = <On extends Pool | PoolClient>(on: On, note: (asked: QueryConfig) => void): On =>
  new Proxy(on, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      if (name === 'connect') return async () => noting((await value.call(target)) as PoolClient, note);
      if (name !== 'query') return value.bind(target);
      return (...asked: [QueryConfig]) => {
        note(asked[0]);
        return value.apply(target, asked);
      };
    },
  });

/** The same pool, which notes each statement that is run on it, also on its clients. */
export const notingStatements = (pool: Pool, note: (asked: QueryConfig) => void): Pool => noting(pool, note);

/** The same pool, which notes the name of each statement that is run on it. */
export const notingPool = (pool: Pool, run: string[]): Pool =>
  notingStatements(pool, ({ name = '' }) => run.push(name));
