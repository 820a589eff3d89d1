import { readArguments } from '#shared/read-arguments.ts';
import { compareMigrations, readKeptMigrations, unreleased, writeKeptMigrations } from './kept-migrations.ts';

const { values } = readArguments({
  usage: `Usage: npm run migration:keep   (-- --release <version> when a version is released)

Writes the checksums of new migrations into migrations/checksums.json. A migration in that list may have run somewhere,
so it is never edited: the command fails, and so does a test. Write a new migration instead.
--release <version>  what is new belongs to this version from now on`,
  options: { release: { type: 'string' } },
});

const { added, changed, missing } = await compareMigrations();
if (changed.length > 0 || missing.length > 0) {
  const faults = [
    ...changed.map((name) => `${name} was edited`),
    ...missing.map((name) => `${name} is gone`),
  ];
  process.stderr.write(
    `${faults.join('\n')}\nIt may have run somewhere: take the old file back, and write a new migration.\n`,
  );
  process.exit(1);
}
const { [unreleased]: waiting = {}, ...released } = await readKeptMigrations();
const kept = { ...waiting, ...added };
const { release } = values;
await writeKeptMigrations(
  release === undefined
    ? { ...released, [unreleased]: kept }
    : { ...released, [release]: { ...released[release], ...kept } },
);
const names = Object.keys(added);
process.stdout.write(names.length === 0 ? 'No migration is new.\n' : `Kept: ${names.join(', ')}\n`);
