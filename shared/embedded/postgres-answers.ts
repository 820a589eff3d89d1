import { DatabaseError } from 'pg';
import { SturdyClient } from '../db/sturdy-client.ts';
import { database, superuser } from './postgres-cluster.ts';
import { socketPort } from './socket-folder.ts';

/** Whether a server answers a query now. One that is starting or stopping does not; a real refusal is thrown. */
export const answers = async (socketFolder: string): Promise<boolean> => {
  const client = new SturdyClient({
    host: socketFolder,
    port: socketPort,
    user: superuser,
    database,
    connectionTimeoutMillis: 2000,
    query_timeout: 2000,
  });
  try {
    await client.connect();
    await client.query('select 1');
    return true;
  } catch (error) {
    if (!(error instanceof DatabaseError)) return false;
    if (error.code === tooManyConnections) return true;
    if (error.code === cannotConnectNow || error.code === adminShutdown || error.code === crashShutdown)
      return false;
    throw error;
  } finally {
    await client.end().catch(() => undefined);
  }
};

const tooManyConnections = '53300';
const cannotConnectNow = '57P03';
const adminShutdown = '57P01';
const crashShutdown = '57P02';
