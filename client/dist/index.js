export { createNexusClient, } from './create-nexus-client.js';
