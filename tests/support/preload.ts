import { afterAll } from 'bun:test';
import { stopTestPostgres } from './database.ts';

// Runs once, after the last test of the last file.
afterAll(stopTestPostgres);
