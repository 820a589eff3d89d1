import { fileURLToPath } from 'node:url';
import { Migrator } from '@mikro-orm/migrations';
import { defineConfig } from '@mikro-orm/postgresql';
import { entities } from './entities.ts';

const migrationsFolder = fileURLToPath(new URL('../../migrations', import.meta.url));

/** What every connection to our database has in common; where it is comes from `database.ts`. */
export const ormOptions = defineConfig({
  entities,
  extensions: [Migrator],
  forceUtcTimezone: true,
  // BullMQ keeps its tables in the same database when there is no Redis.
  // Functions are written by hand in the migrations.
  schemaGenerator: { ignoreSchema: ['bullmq'], ignoreRoutines: true },
  migrations: {
    path: migrationsFolder,
    pathTs: migrationsFolder,
    glob: 'Migration*.ts',
    tableName: 'migrations',
    transactional: true,
    allOrNothing: true,
    snapshotName: '.snapshot',
    // It is written with a migration: a service that starts changes none of its sources.
    snapshotOnMigrate: false,
    emit: 'ts',
  },
});
