import type { Fault } from '../fault.ts';
import { mountsAreOurs } from '../in-own-namespace.ts';
import type { Installation, Topology } from '../installation.ts';

const everywhere: readonly Topology[] = ['start', 'postgres', 'redis'];
const lastsMs = 15_000;

/** So that the next commits need room, and do not go on in files that were made before. */
async function fill(on: Installation): Promise<void> {
  await on.disk?.fill();
  for (let turn = 0; turn < 3; turn++) {
    const grown = await on
      .rows('create table fills_the_disk as select repeat(md5(n::text), 8) from generate_series(1, 500000) n')
      .then(
        () => true,
        () => false,
      );
    if (!grown) return;
    await on.rows('drop table fills_the_disk');
  }
  throw new Error('the disk was not full');
}

/** A person, or a cleaner of old files, makes room; the supervisor of PostgreSQL starts what has ended. */
async function makeRoom(on: Installation): Promise<void> {
  await on.disk?.makeRoom();
  if (on.topology !== 'start') await on.startPostgresAgain();
}

const faults: readonly Fault[] = [
  { name: 'the disk of all data is full', topologies: everywhere, lastsMs, inject: fill, heal: makeRoom },
  {
    name: 'kill -9 of the postmaster while the disk is full',
    topologies: everywhere,
    lastsMs,
    async inject(on) {
      const postmaster = await on.postmaster();
      await fill(on);
      try {
        process.kill(postmaster, 'SIGKILL');
      } catch {
        // The full disk has ended it.
      }
    },
    heal: makeRoom,
  },
];

/** Where disks can be mounted that nobody else sees. */
export const diskFaults: readonly Fault[] = mountsAreOurs ? faults : [];
