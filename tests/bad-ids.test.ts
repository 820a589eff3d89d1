import { expect, test } from 'bun:test';
import { openService } from './support/service.ts';
import { until } from './support/until.ts';

/** TMDb answers HTTP 500 for these alone, for ever; everything else is well. */
test.each([1, 3])(
  '%p ids that fail for ever end no run, and do not open the circuit',
  async (count) => {
    await using service = await openService({
      sandbox: { movies: 300 },
      env: { MIRROR_SCOPE: 'full' },
      synced: false,
    });
    const { sandbox, rows } = service;
    const bad = Array.from({ length: count }, (_, i) => sandbox.catalogue.idAt(5 + i));
    sandbox.misbehave([{ kind: 'status-500', match: '/movie/{id}', ids: bad }]);
    await until(
      async () =>
        (await rows("select 1 from sync_runs where job = 'details' and status = 'succeeded' and failed > 0"))
          .length > 0,
      45_000,
    );
    expect(await rows("select count(*)::int as n from movies where state = 'detailed'")).toEqual([
      { n: 300 - count },
    ]);
    expect(await rows('select circuit from upstream')).toEqual([{ circuit: 'closed' }]);
  },
  60_000,
);
