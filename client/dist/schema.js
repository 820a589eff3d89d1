// Written by `npm run client` from docs/openapi.json: change the routes, not this file.
export {};
