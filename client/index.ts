export {
  createNexusClient,
  type NexusClient,
  type NexusClientOptions,
  type NexusFailure,
  type Schemas,
} from './create-nexus-client.ts';
export type { components, paths } from './schema.ts';
export type { TokenStore, Tokens } from './signed-in-fetch.ts';
