import { connect } from 'node:net';

/** By the system's code: names that lead nowhere, in words for an operator. */
export const nameFailures: Readonly<Record<string, string>> = {
  ENOTFOUND: 'this machine does not know the name of the host',
  EAI_AGAIN: 'the name of the host cannot be looked up now',
};

/** Whether a connection failed because nobody here trusts the certificate that was shown. */
export const isUntrusted = (code: string): boolean => /CERT|SIGNATURE|^ERR_TLS/.test(code);

interface Probe {
  host: string;
  port: number;
  /** What is sent first. */
  greeting: string | Uint8Array;
  /** Whether enough came to tell what listens there. */
  isEnough: (said: Buffer) => boolean;
}

const patienceMs = 1000;

/** What listens there says to a greeting, without TLS and within a second; nothing said, and the code of a failure. */
export function probe({ host, port, greeting, isEnough }: Probe): Promise<{ said: Buffer; code: string }> {
  const { promise, resolve } = Promise.withResolvers<{ said: Buffer; code: string }>();
  let said = Buffer.alloc(0);
  const socket = connect(port, host, () => socket.write(greeting));
  const end = (code = '') => {
    socket.destroy();
    resolve({ said, code });
  };
  socket.setTimeout(patienceMs, () => end());
  socket.on('data', (bytes: Buffer) => {
    said = Buffer.concat([said, bytes]);
    if (isEnough(said)) end();
  });
  socket.on('error', (error: NodeJS.ErrnoException) => end(error.code));
  socket.on('close', () => end());
  return promise;
}
