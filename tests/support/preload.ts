import { afterAll, setDefaultTimeout } from 'bun:test';
import { stopTestPostgres } from './database.ts';

// Real databases and processes on a busy machine: a limit against hanging, not a measure of speed.
setDefaultTimeout(120_000);

// Runs once, after the last test of the last file.
afterAll(stopTestPostgres);
