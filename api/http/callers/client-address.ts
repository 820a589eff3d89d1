import { BlockList, isIP } from 'node:net';

interface Server {
  requestIP(request: Request): { address: string } | null;
}

export type ClientAddress = (request: Request) => string;

/**
 * Whose request it is: the peer, or, if that is a proxy we trust, whom it vouches for. `X-Forwarded-For` is walked
 * from the right, past trusted addresses only: what stands further left anybody may have written.
 */
export function clientAddress(trustProxy: readonly string[], server: () => Server | null): ClientAddress {
  const trusted = blockListOf(trustProxy);
  const isTrusted = (address: string) => trusted.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
  return (request) => {
    const peer = plain(server()?.requestIP(request)?.address ?? '');
    if (trustProxy.length === 0 || isIP(peer) === 0 || !isTrusted(peer)) return peer;
    const hops = lastHops(request.headers.get('x-forwarded-for') ?? '');
    let address = peer;
    for (const hop of hops.reverse().map(plain)) {
      if (isIP(hop) === 0) return address;
      address = hop;
      if (!isTrusted(hop)) return address;
    }
    return address;
  };
}

/** Nobody has more proxies in a row. */
const mostHops = 20;

/** The last ones: what stands before them may be as long as headers can be. */
function lastHops(header: string): string[] {
  let start = header.length;
  for (let hops = 0; hops < mostHops && start !== -1; hops++) start = header.lastIndexOf(',', start - 1);
  return header
    .slice(start + 1)
    .split(',')
    .map((hop) => hop.trim());
}

function blockListOf(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', bits] = range.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (isIP(address) === 0) continue;
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return list;
}

/** An IPv4 address that is written as IPv6, in every spelling: `::ffff:1.2.3.4`, `::ffff:102:304`. */
const mapped = /^(?:::|(?:0{1,4}:){5})ffff:(?:([\da-f]{1,4}):([\da-f]{1,4})|(\d+(?:\.\d+){3}))$/i;

/** As IPv4: all of them would be one network of IPv6, and share its limits. */
function plain(address: string): string {
  const [, high, low, dotted] = mapped.exec(address) ?? [];
  if (high === undefined || low === undefined) return dotted ?? address;
  return [high, low]
    .map((group) => Number.parseInt(group, 16))
    .flatMap((group) => [group >> 8, group & 255])
    .join('.');
}
