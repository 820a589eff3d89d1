import { keepLoopbackDirect } from '#shared/keep-loopback-direct.ts';

/** For a container's health check: exit 0 if the API on this machine is ready, 1 if not. */
keepLoopbackDirect(process.env);
const port = process.env.PORT || '3000';
const answer = await fetch(`http://127.0.0.1:${port}/health/ready`, {
  signal: AbortSignal.timeout(2500),
}).catch(() => undefined);
process.exit(answer?.ok ? 0 : 1);
