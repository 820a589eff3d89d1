import { openapi } from '@elysiajs/openapi';
import { Elysia } from 'elysia';
import { NexusError } from '#shared/errors.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { tmdbNotice } from '../attribution/notice.ts';
import { headersOfPage } from '../http/answers/page-headers.ts';
import type { Admission } from '../http/callers/admission.ts';
import type { GuardedRoute } from '../http/callers/route-needs.ts';
import { describeRoute, putRequestBodies } from '../http/contract/describe-route.ts';
import { namedSchemas } from '../http/contract/describe-schema.ts';
import { jsonSchemaOf, requestSchemaOf } from '../http/contract/json-schema-of.ts';
import { anybody } from '../http/plugins/guards.ts';
import { docsAssets } from './docs-assets.ts';
import { putSecurity } from './put-security.ts';

/** Nothing from anywhere else: neither code, nor type, nor pictures. */
const contentSecurityPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const descriptionPath = '/docs/json';

interface DocsRoutesDeps {
  /** The finished table of routes: asked for when the description is. */
  routes: () => readonly GuardedRoute[];
  admission: Admission;
}

/** The API's description at `/docs/json`, and a viewer of it at `/docs`, whose assets are our own. */
export function docsRoutes({ routes, admission }: DocsRoutesDeps) {
  const assets = docsAssets();
  let description: Blob | undefined;
  const hidden = { detail: { hide: true } };
  return (
    new Elysia({ name: 'docs' })
      .use(anybody(admission))
      .onBeforeHandle(({ set }) => {
        set.headers['cache-control'] = 'public, max-age=300';
      })
      // Made once, of a table of routes that stays as it is: to make and write it takes longer than all else here.
      .onBeforeHandle(({ path, set }) => {
        if (path !== descriptionPath || description === undefined) return;
        set.headers['content-type'] = description.type;
        return description;
      })
      .onAfterHandle(({ path, responseValue, set }) => {
        if (path !== descriptionPath || responseValue instanceof Blob) return;
        putRequestBodies(responseValue as object);
        putSecurity(responseValue as object, routes());
        description = new Blob([JSON.stringify(responseValue)], { type: 'application/json;charset=utf-8' });
        set.headers['content-type'] = description.type;
        return description;
      })
      .use(apiDescription())
      .get('/', ({ redirect }) => redirect('/docs', 302), hidden)
      .get(
        '/docs',
        ({ set }) => {
          Object.assign(set.headers, headersOfPage(contentSecurityPolicy));
          return docsPage;
        },
        hidden,
      )
      .get(
        '/docs/assets/:name',
        async ({ params, set }) => {
          const asset = assets.get(params.name);
          if (asset === undefined)
            throw new NexusError('route_not_found', 'There is nothing at this address.');
          set.headers['content-type'] = asset.type;
          set.headers['cache-control'] = 'public, max-age=3600';
          return asset.read();
        },
        hidden,
      )
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
  failures: [429, 500],
} as const;

function apiDescription() {
  return openapi({
    provider: null,
    path: '/docs',
    specPath: descriptionPath,
    mapJsonSchema: { zod: requestSchemaOf },
    documentation: {
      info: {
        title: 'Project Nexus',
        version: packageJson.version,
        description: `A movie catalog mirrored from TMDb, with recommendations. ${tmdbNotice}`,
      },
      // Its own route is the plugin's, which hides it.
      paths: {
        [descriptionPath]: { get: { operationId: 'getDocsJson', ...describeRoute(ownDescription).detail } },
      },
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
          [...namedSchemas()].toSorted().map(([name, schema]) => [name, jsonSchemaOf(schema)]),
        ),
      },
    },
  });
}

const docsPage = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Project Nexus: the API</title>
<link rel="icon" type="image/png" href="/docs/assets/favicon-32x32.png">
<link rel="stylesheet" href="/docs/assets/swagger-ui.css">
<style>
body { margin: 0; }
footer { max-width: 1460px; margin: 0 auto; padding: 1rem 20px 2rem; font: 14px/1.5 sans-serif; color: #3b4151; }
</style>
</head>
<body>
<main id="swagger-ui"></main>
<noscript><p>The API description as JSON, for programs and for reading without scripts: <a href="/docs/json">/docs/json</a>.</p></noscript>
<footer>${tmdbNotice} See <a href="/attribution">/attribution</a>.</footer>
<script src="/docs/assets/swagger-ui-bundle.js"></script>
<script src="/docs/assets/start.js"></script>
</body>
</html>
`;
