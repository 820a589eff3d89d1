import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import Ajv2020 from 'ajv/dist/2020';

interface Schema {
  type?: string | string[];
  properties?: Record<string, Schema>;
  items?: Schema;
  required?: string[];
}

interface Operation {
  parameters?: { name: string; in: 'path' | 'query' }[];
  responses: Record<
    string,
    { content?: Record<string, { schema?: Schema; examples?: Record<string, { value: unknown }> }> }
  >;
}

export interface DescribedRoute {
  /** As `/3/movie/{movie_id}`. */
  path: string;
  /** What the query may have. */
  parameters: string[];
  schema: Schema;
}

const file = join(
  process.env.NEXUS_REAL_DATA || join(import.meta.dir, '../../../shared/data'),
  'tmdb-openapi.json.gz',
);
export const isDescribed = existsSync(file);
if (!isDescribed)
  process.stdout.write(`no description of TMDb's API at ${file}: what is judged by it is left out\n`);

const readPaths = () =>
  (JSON.parse(gunzipSync(readFileSync(file)).toString()) as { paths: Record<string, { get?: Operation }> })
    .paths;

/** What TMDb's description shows as an answer of a route. */
export function readExample(path: string): unknown {
  const content = readPaths()[path]?.get?.responses['200']?.content?.['application/json'];
  const [example] = Object.values(content?.examples ?? {});
  return typeof example?.value === 'string' ? JSON.parse(example.value) : example?.value;
}

/** All that TMDb describes and that only reads. */
export function readDescription(): DescribedRoute[] {
  if (!isDescribed) return [];
  const paths = readPaths();
  return Object.entries(paths).flatMap(([path, { get }]) => {
    const schema = get?.responses['200']?.content?.['application/json']?.schema;
    if (get === undefined || schema === undefined) return [];
    const parameters = (get.parameters ?? []).filter((each) => each.in === 'query').map(({ name }) => name);
    return [{ path, parameters, schema }];
  });
}

/** What is null where TMDb has nothing, whatever the description says. */
const nullable =
  /(_path|_id|_at|date|homepage|birthday|deathday|place_of_birth|freebase_mid|iso_639_1|iso_3166_1|parent_company|rating|type|title|job|character|note)$/;

/** Countries, and ways to see a movie in one of them. */
const optional = /^([A-Z]{2}|flatrate|rent|buy|ads|free)$/;

/**
 * As the description says, but for what recorded answers prove wrong: some values may be null, and numbers need not be
 * whole. Every key that is described has to be there, but for those of `mayLack`.
 */
function loosened(schema: Schema, name: string, mayLack: (key: string) => boolean): object {
  const { type, properties, items } = schema;
  const types = [type ?? []].flat();
  const allowed = [
    ...types.map((each) => (each === 'integer' && /popularity|average|ratio/.test(name) ? 'number' : each)),
    ...(types.length > 0 && nullable.test(name) ? ['null'] : []),
  ];
  return {
    ...(allowed.length === 0 ? {} : { type: allowed }),
    ...(items === undefined ? {} : { items: loosened(items, name, mayLack) }),
    ...(properties === undefined
      ? {}
      : {
          properties: Object.fromEntries(
            Object.entries(properties).map(([key, each]) => [key, loosened(each, key, mayLack)]),
          ),
          required: Object.keys(properties).filter((key) => !optional.test(key) && !mayLack(key)),
        }),
  };
}

/** Described after one example alone. A person is a row of another form; movies of a collection have titles. */
const mayBeLacking: Record<string, string[]> = {
  '/3/search/multi':
    'backdrop_path genre_ids original_language original_title overview poster_path release_date title video vote_average vote_count'.split(
      ' ',
    ),
  '/3/collection/{collection_id}': ['name', 'original_name'],
};

export type Judge = (answer: unknown) => string[];

/** @returns what is wrong with an answer, in words */
export function judgeOf({ path, schema }: DescribedRoute): Judge {
  const mayLack = (key: string) => mayBeLacking[path]?.includes(key) === true;
  const validate = new Ajv2020({ strict: false, allErrors: true }).compile(loosened(schema, '', mayLack));
  return (answer) =>
    validate(answer)
      ? []
      : (validate.errors ?? []).map(
          ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
        );
}
