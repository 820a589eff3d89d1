import { isIPv4, isIPv6 } from 'node:net';
import { LRUCache } from 'lru-cache';

export const userKey = (userId: string) => `user:${userId}`;

/** A caller's address. IPv6 hands out whole networks: the first 64 bits are one caller. */
export function addressKey(address: string): string {
  return `address:${isIPv6(address) ? ipv6Network(address, 64) : address}`;
}

/** The network of an IPv6 address, as a key; `undefined` for any other address, which is a caller by itself. */
export function networkKey(address: string, bits: 48 | 56): string | undefined {
  return isIPv6(address) ? `network-${bits}:${ipv6Network(address, bits)}` : undefined;
}

/** Every request asks, and most come from where others came from: to read an address costs more than all the rest. */
const known = new LRUCache<string, readonly string[]>({ max: 10_000 });

/** Where a caller is: an address, and of IPv6 the networks around it, the smallest first. */
export function placesOf(address: string): readonly string[] {
  const before = known.get(address);
  if (before !== undefined) return before;
  const networks = [networkKey(address, 56), networkKey(address, 48)];
  const places = [addressKey(address), ...networks.filter((key) => key !== undefined)];
  known.set(address, places);
  return places;
}

/** Whose turn it is where callers take turns: nobody gets more of them with more addresses of one IPv6 network. */
export const laneKey = (address: string): string => networkKey(address, 48) ?? addressKey(address);

/** The network that somebody is in, however often their provider hands them another address of it. */
export function networkOf(address: string): string | undefined {
  if (isIPv6(address)) return `${ipv6Network(address, 48)}::/48`;
  return isIPv4(address) ? `${address.split('.').slice(0, 3).join('.')}.0/24` : undefined;
}

/** The first bits in groups of 16, whatever short form the address has. */
function ipv6Network(address: string, bits: 48 | 56 | 64): string {
  const [plain = ''] = address.split('%');
  const [head = '', tail] = plain.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  // An IPv4 tail stands for two groups.
  const written = before.length + after.length + (after.at(-1)?.includes('.') ? 1 : 0);
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - written);
  const groups = [...before, ...Array.from({ length: zeros }, () => '0'), ...after]
    .slice(0, Math.ceil(bits / 16))
    .map((group) => Number.parseInt(group, 16));
  const last = groups.length - 1;
  if (bits === 56) groups[last] = (groups[last] ?? 0) & 0xff00;
  return groups.map((group) => group.toString(16)).join(':');
}
