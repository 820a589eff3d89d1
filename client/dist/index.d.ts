export { createNexusClient, type NexusClient, type NexusClientOptions, type NexusFailure, type Schemas, } from './create-nexus-client.js';
export type { components, paths } from './schema.js';
export type { TokenStore, Tokens } from './signed-in-fetch.js';
