export interface WholeAnswer {
  headers: Record<string, string>;
  body: string;
}

/** What the connection itself adds to every answer. */
const ofTheConnection = new Set(['date', 'connection', 'content-length', 'keep-alive']);

export async function readWholeAnswer(url: string): Promise<WholeAnswer> {
  // As it is without packing: what is replayed has to be what the headers say.
  const response = await fetch(url, { headers: { 'accept-encoding': 'identity' } });
  if (response.status !== 200) throw new Error(`${url} answered ${response.status}`);
  const headers = [...response.headers].filter(([name]) => !ofTheConnection.has(name));
  return { headers: Object.fromEntries(headers), body: await response.text() };
}
