import { defineConfig } from '@mikro-orm/postgresql';
import { ormOptions } from './orm-options.ts';

/** For the `mikro-orm` command alone: `migration:create` compares against the snapshot and needs no database. */
export default defineConfig({ ...ormOptions, dbName: 'nexus' });
