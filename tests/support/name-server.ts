import { createSocket } from 'node:dgram';

export interface NameServer extends AsyncDisposable {
  port: number;
}

const typeA = 1;
const headBytes = 12;
const recordBytes = 16;

/** A name server that knows the same IPv4 addresses for whatever it is asked. */
export async function startNameServer(addresses: string[]): Promise<NameServer> {
  const socket = createSocket('udp4');
  socket.on('message', (query, { port, address }) => socket.send(answerTo(query, addresses), port, address));
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return {
    port: socket.address().port,
    [Symbol.asyncDispose]: async () => void socket.close(),
  };
}

/** The question once more, and an address of it in each record; none where another type is asked for. */
function answerTo(query: Buffer, addresses: string[]): Buffer {
  const end = query.indexOf(0, headBytes) + 5;
  const records = query.readUInt16BE(end - 4) === typeA ? addresses.map(recordOf) : [];
  const head = Buffer.alloc(headBytes);
  query.copy(head, 0, 0, 2);
  // An answer, with authority, to one question.
  head.writeUInt16BE(0x8580, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(records.length, 6);
  return Buffer.concat([head, query.subarray(headBytes, end), ...records]);
}

function recordOf(address: string): Buffer {
  const record = Buffer.alloc(recordBytes);
  // The name is the question's, at its place.
  record.writeUInt16BE(0xc000 + headBytes, 0);
  record.writeUInt16BE(typeA, 2);
  record.writeUInt16BE(1, 4);
  record.writeUInt32BE(60, 6);
  record.writeUInt16BE(4, 10);
  record.set(address.split('.').map(Number), recordBytes - 4);
  return record;
}
