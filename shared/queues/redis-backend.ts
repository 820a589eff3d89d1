import { isJsonObject } from '../is-json-object.ts';

/** What is known of a job that a worker takes: its fields, each before its value, and its id. */
type Taken = [fields: string[] | null, id: string];

/** What BullMQ hides of its backend. */
interface BackendInside {
  execCommand(client: unknown, name: string, args: unknown): Promise<Taken | number | undefined>;
}

/** After each of them a worker has the next job. */
const takes = new Set(['moveToActive', 'moveToFinished', 'moveToDelayed', 'moveJobFromActiveToWait']);

/** What stands in the place of a payload that is no JSON: none of any job's. */
const unreadable = 'unreadable';

/**
 * Makes BullMQ's backend so that a job that somebody else wrote, or of which something broke, harms nothing but itself.
 * BullMQ throws where it meets one: its worker drops it unsaid and takes it up again for days, and whoever lists jobs gets
 * none. Here it is put right in Redis when it is met, with a payload that its job refuses.
 */
export const readingAnyJob =
  <Asked extends unknown[], Backend extends JobReads>(create: (...asked: Asked) => Backend) =>
  (...asked: Asked): Backend => {
    const backend = create(...asked);
    const { queue } = backend as unknown as {
      queue: { client: Promise<JobClient>; toKey(id: string): string };
    };
    const putRight = async (id: string, fields: Readonly<Record<string, string>>) => {
      const mended = mendedOf(fields);
      const client = await queue.client;
      const { parent, ...values } = mended;
      if (Object.keys(values).length > 0) await client.hset(queue.toKey(id), values);
      // No job of ours has one, and scripts of BullMQ's read an empty one, too.
      if (parent !== undefined) await client.hdel(queue.toKey(id), 'parent');
      return mended;
    };
    const inside = backend as unknown as BackendInside;
    const execCommand = inside.execCommand.bind(backend);
    inside.execCommand = (client, name, args) => {
      const answer = execCommand(client, name, args);
      return takes.has(name) ? answer.then((taken) => mendTaken(taken, putRight)) : answer;
    };
    const reads: JobReads = backend;
    const getJobData = reads.getJobData.bind(backend);
    reads.getJobData = async (id) => {
      const fields = await (await queue.client).hgetall(queue.toKey(id));
      if (Object.keys(fields).length > 0) await putRight(id, fields);
      return getJobData(id);
    };
    return backend;
  };

interface JobReads {
  getJobData(id: string): Promise<unknown>;
}

interface JobClient {
  hgetall(key: string): Promise<Record<string, string>>;
  hset(key: string, fields: Record<string, string>): Promise<number>;
  hdel(key: string, field: string): Promise<number>;
}

async function mendTaken<Answer>(
  answer: Answer,
  putRight: (id: string, fields: Record<string, string>) => Promise<Record<string, string>>,
): Promise<Answer> {
  const [fields, id] = Array.isArray(answer) ? (answer as unknown as Taken) : [null, ''];
  if (!Array.isArray(fields)) return answer;
  const names = fields.filter((_, at) => at % 2 === 0);
  const mended = await putRight(
    id,
    Object.fromEntries(names.map((name, at) => [name, fields[2 * at + 1] ?? ''])),
  );
  for (const [name, value] of Object.entries(mended)) fields[2 * names.indexOf(name) + 1] = value;
  return answer;
}

/** What BullMQ reads as JSON and is none, or not of the kind that it takes it for. */
function mendedOf({
  data,
  opts,
  progress,
  parent,
}: Readonly<Record<string, string>>): Record<string, string> {
  return {
    ...(data && parsed(data) === undefined ? { data: JSON.stringify(unreadable) } : {}),
    ...(opts && !isJsonObject(parsed(opts)) ? { opts: '{}' } : {}),
    ...(progress && parsed(progress) === undefined ? { progress: '0' } : {}),
    ...(parent && !isJsonObject(parsed(parent)) ? { parent: '' } : {}),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
