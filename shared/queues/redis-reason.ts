import { nameFailures, probe } from '../connection-failures.ts';

const mostBytes = 1024;

/** What a connection ends with, before a Redis says anything. */
const failures: Record<string, string> = {
  ECONNREFUSED: 'it refuses the connection, because nothing listens there',
  ...nameFailures,
};
/** What speaks TLS understood nothing, and answers with an alert. */
const tlsAlert = 'tls-alert';
const alertByte = 0x15;

/**
 * Why a Redis does not serve us, in words for an operator; `undefined` where it says nothing. Its client keeps to
 * itself what a server says that hangs up right away, so it is asked once more, by hand and without TLS.
 */
export async function redisReason(url: string): Promise<string | undefined> {
  const { hostname, port, protocol } = new URL(url);
  const isSecure = protocol === 'rediss:';
  const said = await firstLine(hostname.replace(/^\[|\]$/g, ''), Number(port || 6379));
  if (failures[said] !== undefined) return failures[said];
  if (said === tlsAlert) return isSecure ? undefined : 'it speaks TLS: write rediss:// in place of redis://';
  if (isSecure)
    return /^[+-]/.test(said) ? 'it speaks no TLS: write redis:// in place of rediss://' : undefined;
  if (said.startsWith('-DENIED'))
    return 'it refuses us, because it is in protected mode (give it a password, or bind it to this network)';
  if (said.startsWith('-NOAUTH') || said.startsWith('+')) return undefined;
  if (said.startsWith('-'))
    return `it refuses us and says: ${said.slice(1).replace(/^ERR /, '').slice(0, 120)}`;
  return said === '' || /^E[A-Z_]+$/.test(said) ? undefined : 'what listens there is no Redis';
}

/** What it answers to a ping, or the code of the failure. */
async function firstLine(host: string, port: number): Promise<string> {
  const { said, code } = await probe({
    ...{ host, port, greeting: 'PING\r\n' },
    isEnough: (bytes) => bytes[0] === alertByte || bytes.includes('\r\n') || bytes.length > mostBytes,
  });
  if (said.length === 0) return code;
  if (said[0] === alertByte) return tlsAlert;
  const text = said.toString('latin1').replaceAll(/[^\x20-\x7e\r\n]/g, '?');
  return text.split('\r\n')[0] ?? '';
}
