import { keepLoopbackDirect } from '#shared/keep-loopback-direct.ts';
import { readArguments } from '#shared/read-arguments.ts';

readArguments({
  usage: `Usage: bun scripts/check-health.ts

Exit code: 0 if the API at PORT of this machine is ready, 1 if it is not.`,
});

/** For a container's health check: exit 0 if the API on this machine is ready, 1 if not. */
keepLoopbackDirect(process.env);
const port = process.env.PORT || '3000';
const answer = await fetch(`http://127.0.0.1:${port}/health/ready`, {
  signal: AbortSignal.timeout(2500),
}).catch(() => undefined);
process.exit(answer?.ok ? 0 : 1);
