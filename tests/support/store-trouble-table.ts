import { readFile } from 'node:fs/promises';
import pg from 'pg';
import type { StoreTrouble } from '#shared/db/store-away.ts';
import { NexusError } from '#shared/errors.ts';
import { TooLateError } from '#shared/within.ts';
import { postgresRefusing } from './postgres-refusing.ts';

/** An error, and what it says of our store. Every edge that decides by it is tried with every row. */
export interface StoreTroubleRow {
  name: string;
  trouble: StoreTrouble | undefined;
  makeError: () => Promise<unknown>;
}

/** What waiting for PostgreSQL at start makes of a code: waits, ends with a sentence, or fails with the error. */
export type AtStart = 'waits' | 'says why not' | 'fails';

export const sqlStateTable: readonly [code: string, trouble: StoreTrouble | undefined, atStart: AtStart][] = [
  ['08000', 'away', 'waits'],
  ['08001', 'away', 'waits'],
  ['08003', 'away', 'waits'],
  ['08004', 'away', 'waits'],
  ['08006', 'away', 'waits'],
  ['08007', 'away', 'waits'],
  ['25006', 'away', 'waits'],
  ['53000', 'away', 'waits'],
  ['53100', 'away', 'waits'],
  ['53200', 'away', 'waits'],
  ['53300', 'away', 'waits'],
  ['57000', 'away', 'waits'],
  ['57P01', 'away', 'waits'],
  ['57P02', 'away', 'waits'],
  ['57P03', 'away', 'waits'],
  ['57P04', 'away', 'waits'],
  ['57P05', 'away', 'waits'],
  ['08P01', 'busy', 'waits'],
  ['25P03', 'busy', 'waits'],
  ['25P04', 'busy', 'waits'],
  ['40001', 'busy', 'waits'],
  ['40P01', 'busy', 'waits'],
  ['53400', 'busy', 'waits'],
  ['55P03', 'busy', 'waits'],
  ['57014', 'busy', 'waits'],
  ['28000', undefined, 'says why not'],
  ['28P01', undefined, 'says why not'],
  ['3D000', undefined, 'says why not'],
  ['42501', undefined, 'says why not'],
  ['22P02', undefined, 'fails'],
  ['23505', undefined, 'fails'],
  ['25P02', undefined, 'fails'],
  ['40002', undefined, 'fails'],
  ['42601', undefined, 'fails'],
  ['42P01', undefined, 'fails'],
  ['54001', undefined, 'fails'],
  ['55006', undefined, 'fails'],
  ['58030', undefined, 'fails'],
  ['58P01', undefined, 'fails'],
  ['F0000', undefined, 'fails'],
  ['XX000', undefined, 'fails'],
  ['XX001', undefined, 'fails'],
];

/** As the runtime makes them for a connection: each with the call that fails so. */
const systemTable: readonly [code: string, syscall: string, trouble: StoreTrouble][] = [
  ['ECONNREFUSED', 'connect', 'away'],
  ['ECONNRESET', 'read', 'away'],
  ['ECONNABORTED', 'connect', 'away'],
  ['EPIPE', 'write', 'away'],
  ['ETIMEDOUT', 'connect', 'away'],
  ['ENOENT', 'connect', 'away'],
  ['ENOTFOUND', 'getaddrinfo', 'away'],
  ['EAI_AGAIN', 'getaddrinfo', 'away'],
  ['EAI_FAIL', 'getaddrinfo', 'away'],
  ['EHOSTUNREACH', 'connect', 'away'],
  ['EHOSTDOWN', 'connect', 'away'],
  ['ENETUNREACH', 'connect', 'away'],
  ['ENETDOWN', 'connect', 'away'],
  ['ENETRESET', 'read', 'away'],
  ['EMFILE', 'connect', 'busy'],
  ['ENFILE', 'connect', 'busy'],
  ['ENOBUFS', 'connect', 'busy'],
  ['EADDRNOTAVAIL', 'connect', 'busy'],
];

const wordTable: readonly [words: string, trouble: StoreTrouble | undefined][] = [
  ['Connection terminated', 'away'],
  ['Connection terminated unexpectedly', 'away'],
  ['Connection terminated due to connection timeout', 'away'],
  ['timeout expired', 'away'],
  ['timeout exceeded when trying to connect', 'away'],
  ['Client has encountered a connection error and is not queryable', 'away'],
  ['Client was closed and is not queryable', 'away'],
  ['There was an error establishing an SSL connection', 'away'],
  ['Cannot use a pool after calling end on the pool', 'away'],
  ['driver has already been destroyed', 'away'],
  ["Stream isn't writeable and enableOfflineQueue options is false", 'away'],
  ['Connection is closed.', 'away'],
  ['Query read timeout', 'busy'],
  ['Command timed out', 'busy'],
  ['The server does not support SSL connections', undefined],
  ['our own fault', undefined],
  ['the Connection terminated a tale', undefined],
];

const replyTable: readonly [reply: string, trouble: StoreTrouble | undefined][] = [
  ['LOADING Redis is loading the dataset in memory', 'away'],
  ["READONLY You can't write against a read only replica.", 'away'],
  ["MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.", 'away'],
  ['MISCONF Redis is configured to save RDB snapshots', 'away'],
  ["OOM command not allowed when used memory > 'maxmemory'.", 'away'],
  ['CLUSTERDOWN The cluster is down', 'away'],
  ['BUSY Redis is busy running a script.', 'busy'],
  ['WRONGTYPE Operation against a key holding the wrong kind of value', undefined],
];

const coded = (code: string, more: object = {}) => Object.assign(new Error(`a ${code}`), { code, ...more });
const refused = coded('ECONNREFUSED', { syscall: 'connect' });

/** Errors that hold others: what counts lies inside. */
const holders: readonly [name: string, trouble: StoreTrouble | undefined, error: Error][] = [
  ['a cause', 'away', new Error('a batch', { cause: new Error('of rows', { cause: coded('08006') }) })],
  ['two addresses', 'away', new AggregateError([refused, coded('ENETUNREACH', { syscall: 'connect' })])],
  ['two addresses and a bug', undefined, new AggregateError([refused, new Error('a bug')])],
  ['no address', undefined, new AggregateError([])],
  ['closing failed, too', 'away', new SuppressedError(new Error('no rollback'), refused)],
  ['only closing failed', undefined, new SuppressedError(refused, new Error('a bug'))],
  ['a wait of ours', 'busy', new TooLateError('no answer within 3000 ms')],
  ['Redis, after its retries', 'away', named('MaxRetriesPerRequestError', 'Reached the max retries.')],
  ['a circle', undefined, circle()],
];

/** The same codes, of something that is not our store. */
const foreign: readonly [name: string, makeError: () => Promise<unknown>][] = [
  ['a file that is not there', () => failureOf(readFile('/no/such/file'))],
  ['a program that is not there', () => failureOf((async () => Bun.spawn(['/no/such/program']))())],
  ['a fetch that is refused', () => failureOf(fetch('http://127.0.0.1:1/'))],
  ['a fetch of a host that is not there', () => failureOf(fetch('http://api.themoviedb.invalid/3'))],
  ['a folder in place of a file', async () => coded('EISDIR', { syscall: 'read' })],
  ['a file without its path', async () => coded('ENOENT', { syscall: 'open' })],
  ['an exit of ours', async () => coded('ERR_INVALID_ARG_TYPE')],
  ['no error', async () => 'no error'],
];

export const storeTroubleTable: readonly StoreTroubleRow[] = [
  ...sqlStateTable.map(([code, trouble]) => row(`PostgreSQL says ${code}`, trouble, () => refusal(code))),
  ...systemTable.flatMap(([code, syscall, trouble]) => [
    row(`${code} of ${syscall}`, trouble, async () => coded(code, { syscall })),
    row(`${code} and no more`, trouble, async () => coded(code)),
  ]),
  ...wordTable.map(([words, trouble]) => row(words, trouble, async () => new Error(words))),
  ...replyTable.map(([reply, trouble]) => row(reply, trouble, async () => named('ReplyError', reply))),
  ...holders.map(([name, trouble, error]) => row(name, trouble, async () => error)),
  ...foreign.map(([name, makeError]) => row(name, undefined, makeError)),
];

/** Our own errors were judged when they were made: what lies beneath is not looked at again. */
export const errorOfOurs = new NexusError('movie_gone', 'TMDb has deleted this movie.', { cause: refused });

function row(
  name: string,
  trouble: StoreTrouble | undefined,
  makeError: () => Promise<unknown>,
): StoreTroubleRow {
  return { name, trouble, makeError };
}

function named(name: string, message: string): Error {
  const error = new Error(message);
  error.name = name;
  return error;
}

function circle(): Error {
  const error = new Error('a circle');
  error.cause = error;
  return error;
}

/** The driver's own error for a server that says this. */
async function refusal(sqlState: string): Promise<unknown> {
  await using server = await postgresRefusing(sqlState);
  const client = new pg.Client({ host: '127.0.0.1', port: server.port, user: 'nobody', database: 'none' });
  client.on('error', () => {});
  return await failureOf(client.connect());
}

async function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => {
      throw new Error('it was to fail');
    },
    (error: unknown) => error,
  );
}
