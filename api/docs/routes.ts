import { openapi } from '@elysiajs/openapi';
import { Elysia } from 'elysia';
import { NexusError } from '#shared/errors.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { tmdbNotice } from '../attribution/notice.ts';
import { describeRoute, putRequestBodies } from './describe-route.ts';
import { docsAssets } from './docs-assets.ts';
import { docsPage } from './docs-page.ts';
import { jsonSchemaOf, requestSchemaOf } from './json-schema-of.ts';
import { schemas } from './schemas.ts';

/** Nothing from anywhere else: neither code, nor type, nor pictures. */
const contentSecurityPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** The API's description at `/docs/json`, and a viewer of it at `/docs`, whose assets are our own. */
export function docsRoutes() {
  const assets = docsAssets();
  const hidden = { detail: { hide: true } };
  return new Elysia({ name: 'docs' })
    .onBeforeHandle(({ set }) => {
      set.headers['cache-control'] = 'public, max-age=300';
    })
    .onAfterHandle(({ path, responseValue }) => {
      if (path === '/docs/json') putRequestBodies(responseValue as object);
    })
    .use(apiDescription())
    .get('/', ({ redirect }) => redirect('/docs', 302), hidden)
    .get(
      '/docs',
      ({ set }) => {
        set.headers['content-type'] = 'text/html; charset=utf-8';
        set.headers['content-security-policy'] = contentSecurityPolicy;
        return docsPage;
      },
      hidden,
    )
    .get(
      '/docs/assets/:name',
      async ({ params, set }) => {
        const asset = assets.get(params.name);
        if (asset === undefined) throw new NexusError('route_not_found', 'There is nothing at this address.');
        set.headers['content-type'] = asset.type;
        set.headers['cache-control'] = 'public, max-age=3600';
        return asset.read();
      },
      hidden,
    );
}

const ownDescription = {
  tag: 'About',
  summary: 'This API description',
  plain: {
    type: 'application/json',
    description: 'OpenAPI 3.1.',
    schema: { type: 'object' },
    example: { openapi: '3.1.2', info: { title: 'Project Nexus', version: packageJson.version }, paths: {} },
  },
  failures: [500],
} as const;

function apiDescription() {
  return openapi({
    provider: null,
    path: '/docs',
    specPath: '/docs/json',
    mapJsonSchema: { zod: requestSchemaOf },
    documentation: {
      info: {
        title: 'Project Nexus',
        version: packageJson.version,
        description: `A movie catalog mirrored from TMDb, with recommendations. ${tmdbNotice}`,
      },
      // Its own route is the plugin's, which hides it.
      paths: { '/docs/json': { get: { operationId: 'getDocsJson', ...describeRoute(ownDescription) } } },
      tags: [
        { name: 'Movies', description: 'Read from the mirror. Open to everybody.' },
        { name: 'Accounts', description: 'Sign in, and manage your own data.' },
        { name: 'Administration', description: 'For administrators.' },
        { name: 'About', description: 'Where the data comes from.' },
        { name: 'Operations', description: 'For the operators of the service.' },
      ],
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
        },
        schemas: Object.fromEntries(
          Object.entries(schemas).map(([name, schema]) => [name, jsonSchemaOf(schema)]),
        ),
      },
    },
  });
}
