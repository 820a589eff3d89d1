import { isIPv4, isIPv6 } from 'node:net';
import type { ClientAddress } from '../http/callers/client-address.ts';

/** From where somebody signs in. */
export interface Client {
  address: string;
  /** Browser and system: `Firefox on Linux`. */
  device: string | null;
  /** The part of the address that is kept with a session. */
  network: string | null;
}

export const clientOf = (request: Request, addressOf: ClientAddress): Client => {
  const address = addressOf(request);
  return {
    address,
    device: deviceOf(request.headers.get('user-agent')),
    network: networkOf(address),
  };
};

/** Many browsers also claim to be others: the first that fits is the right one. */
const browsers: readonly [pattern: RegExp, name: string][] = [
  [/\bEdgA?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\b(?:Firefox|FxiOS)\//, 'Firefox'],
  [/\b(?:Chrome|CriOS|HeadlessChrome)\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
];
const systems: readonly [pattern: RegExp, name: string][] = [
  [/\b(?:iPhone|iPad|iPod)\b/, 'iOS'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bMac OS X\b|\bMacintosh\b/, 'macOS'],
  [/\bLinux\b/, 'Linux'],
];
const maxUserAgent = 500;

/** Of a program that is no browser, what it calls itself. */
export function deviceOf(userAgent: string | null): string | null {
  const text = userAgent?.slice(0, maxUserAgent) ?? '';
  const nameIn = (names: typeof browsers) => names.find(([pattern]) => pattern.test(text))?.[1];
  const [browser, system] = [nameIn(browsers), nameIn(systems)];
  if (browser !== undefined) return system === undefined ? browser : `${browser} on ${system}`;
  return /^[\w .-]{1,40}/.exec(text)?.[0].trim() || null;
}

/** IPv4: 24 bits. IPv6: 48 bits. */
export function networkOf(address: string): string | null {
  if (isIPv4(address)) return `${address.split('.').slice(0, 3).join('.')}.0/24`;
  if (!isIPv6(address)) return null;
  // The URL parser writes an IPv6 address in its one shortest form, without IPv4 in it.
  const host = URL.parse(`http://[${address.split('%')[0]}]`)?.hostname.slice(1, -1) ?? '';
  const [head = '', tail] = host.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: tail === undefined ? 0 : 8 - before.length - after.length }, () => '0');
  const groups = [...before, ...zeros, ...after].slice(0, 3);
  return `${groups.join(':')}::/48`;
}
