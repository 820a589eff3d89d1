import {
  ConfigError,
  readWorkerConfig,
  type TmdbCredential,
  v3Key,
  v4Token,
  type WorkerConfig,
} from '#shared/config.ts';
import type { NexusError } from '#shared/errors.ts';
import { keepLoopbackDirect } from '#shared/keep-loopback-direct.ts';
import { createLog } from '#shared/log.ts';
import { readArguments } from '#shared/read-arguments.ts';
import { createTmdbClient, type LiveTmdbClient } from '#worker/tmdb/create-tmdb-client.ts';
import { openLimiter } from '#worker/tmdb/limiter/limiter.ts';
import { CheckReport } from './check-tmdb/check-report.ts';
import { createAsk, lineOf, reasonOf } from './check-tmdb/create-ask.ts';
import { createLoneStatus, type LoneStatus } from './check-tmdb/lone-status.ts';
import { observeAnswers } from './check-tmdb/observe-answers.ts';
import { askEverything } from './check-tmdb/questions.ts';

const usage = `Usage: npm run check-tmdb

Asks TMDb what the mirror asks it (about 20 calls), and says where an answer does not fit what this service expects.
It needs TMDB_ACCESS_TOKEN or TMDB_API_KEY, in the environment or in .env, and takes TMDB_BASE_URL, TMDB_EXPORT_BASE_URL
and HTTPS_PROXY as the service does. It needs no database, changes nothing, and prints neither the key nor what TMDb sent.

Exit code: 0 all answers fit, 1 something does not fit, 2 TMDb could not be asked.

To try it without TMDb: start "npm run sandbox" and set TMDB_BASE_URL and TMDB_EXPORT_BASE_URL to the addresses that it
prints, and TMDB_ACCESS_TOKEN=nexus-sandbox-key.`;

const exitCodes = { fits: 0, misfit: 1, notAsked: 2 } as const;
const maxMs = 120_000;
/** Half of it is for what somebody waits for, as here: with a worker beside, that stays below what TMDb allows. */
const maxRps = 10;

keepLoopbackDirect(process.env);
// Whatever should hang: it ends.
setTimeout(() => end(exitCodes.notAsked, 'This took too long. Try again later.'), maxMs + 10_000).unref();
readArguments({ usage });
const config = readConfig();
const credential =
  config.credential ??
  end(
    exitCodes.notAsked,
    'There is no key: set TMDB_ACCESS_TOKEN (the "API Read Access Token" of your TMDb account) or TMDB_API_KEY, in the environment or in .env.',
  );
await check(config, credential);

async function check(
  { tmdbBaseUrl: baseUrl, tmdbExportBaseUrl: exportBaseUrl, tmdbMaxRps }: WorkerConfig,
  key: TmdbCredential,
): Promise<never> {
  const log = createLog({ level: 'silent', name: 'check-tmdb' });
  const signal = AbortSignal.timeout(maxMs);
  const startedMs = performance.now();
  const status = createLoneStatus();
  const limiter = openLimiter({ maxRps: Math.min(tmdbMaxRps, maxRps), log });
  const observer = observeAnswers(exportBaseUrl);
  const { fetch } = observer;
  const tmdb = createTmdbClient({ baseUrl, exportBaseUrl, credential: key, limiter, status, log, fetch });
  console.log(`Asking ${addressOf(baseUrl)}, one question after the other.\n`);
  await tmdb.checkKey(signal);
  stopIfRefused(status, key, baseUrl);
  const report = new CheckReport();
  const { ask, unanswered } = createAsk({ tmdb, observer, report, signal, say: console.log });
  await askEverything(ask, new Date(), (what) => {
    if (unanswered.length === 0) console.log(lineOf('not met', what));
  });
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
  console.log(`\n${callsOf(tmdb)} calls in ${seconds} seconds.`);
  return conclude(report.lines(), unanswered);
}

function conclude(faults: readonly string[], unanswered: readonly NexusError[]): never {
  const reasons = [...new Set(unanswered.map(reasonOf))].join(' ');
  if (faults.length > 0) {
    console.log(`\n${faults.join('\n')}\n`);
    if (reasons !== '') console.log(`Some questions got no answer: ${reasons}`);
    end(
      exitCodes.misfit,
      'Something does not fit: the lines above say what. The service goes on without it. Look for a newer version of Project Nexus; if there is none, report these lines (there is no key and nothing of TMDb’s content in them).',
    );
  }
  if (reasons !== '')
    end(
      exitCodes.notAsked,
      `What TMDb answered fits, but some questions got no answer: ${reasons} Check the network, TMDB_BASE_URL, TMDB_EXPORT_BASE_URL and HTTPS_PROXY, and try again later.`,
    );
  return end(exitCodes.fits, 'Everything fits: this version can read what TMDb sends.');
}

/** After the first call, which asks about the key alone: where that gets no answer, nothing else will. */
function stopIfRefused({ last }: LoneStatus, key: TmdbCredential, baseUrl: string): void {
  if (last?.kind === 'key-rejected') end(exitCodes.notAsked, `${last.reason}${doubtOf(key)}`);
  if (last?.kind === 'trouble')
    end(
      exitCodes.notAsked,
      `${addressOf(baseUrl)} cannot be asked: ${last.what}. Check the network, TMDB_BASE_URL and HTTPS_PROXY, and try again later.`,
    );
  if (last?.kind === 'rate-limited')
    end(exitCodes.notAsked, 'TMDb asks us to slow down. Wait a minute, and try again.');
}

function doubtOf(key: TmdbCredential): string {
  if (key.kind === 'token' && !v4Token.test(key.token))
    return ' What is set does not look like one: it should have three parts with dots between.';
  if (key.kind === 'key' && !v3Key.test(key.key))
    return ' What is set does not look like one: it should be 32 characters from 0 to 9 and a to f.';
  return '';
}

/** Without a user, a password or a query, which could hold secrets. */
function addressOf(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}

function callsOf(tmdb: LiveTmdbClient): number {
  const counts = Object.values(tmdb.stats()).flatMap((statuses) => Object.values(statuses));
  return counts.reduce((sum, count) => sum + count, 0);
}

function readConfig(): WorkerConfig {
  try {
    return readWorkerConfig(process.env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return end(exitCodes.notAsked, error.message);
  }
}

function end(code: number, sentence: string): never {
  (code === 0 ? console.log : console.error)(sentence);
  process.exit(code);
}
