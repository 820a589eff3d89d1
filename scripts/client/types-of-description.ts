import { type Schema, typeOfSchema } from './type-of-schema.ts';

interface Parameter {
  name: string;
  in: 'query' | 'path' | 'header' | 'cookie';
  required?: boolean;
  schema: Schema;
}
type Content = Record<string, { schema: Schema }>;
interface Operation {
  summary?: string;
  parameters?: Parameter[];
  requestBody?: { required?: boolean; content: Content };
  responses: Record<string, { content?: Content }>;
}
interface Description {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

/**
 * The types of an OpenAPI 3 description as `openapi-fetch` takes them (the shape that `openapi-typescript` gives them,
 * which itself does not run with TypeScript 7).
 */
export function typesOfDescription({ paths, components }: Description): string {
  const lines = [
    '// Written by `npm run client` from docs/openapi.json: change the routes, not this file.',
    '',
    'export interface components {',
    '  schemas: {',
    ...Object.entries(components.schemas).map(([name, schema]) => `    ${name}: ${typeOfSchema(schema)};`),
    '  };',
    '}',
    '',
    'export interface paths {',
    ...Object.entries(paths).flatMap(([path, operations]) => [
      `  ${JSON.stringify(path)}: {`,
      ...Object.entries(operations).flatMap(([method, operation]) => ofOperation(method, operation)),
      '  };',
    ]),
    '}',
    '',
  ];
  return lines.join('\n');
}

function ofOperation(
  method: string,
  { summary, parameters = [], requestBody, responses }: Operation,
): string[] {
  const places = ['query', 'header', 'path', 'cookie'] as const;
  return [
    ...(summary === undefined ? [] : [`    /** ${summary} */`]),
    `    ${method}: {`,
    '      parameters: {',
    ...places.map((place) =>
      ofParameters(
        place,
        parameters.filter((parameter) => parameter.in === place),
      ),
    ),
    '      };',
    `      requestBody${requestBody === undefined ? '?: never' : `${requestBody.required ? '' : '?'}: { content: ${ofContent(requestBody.content)} }`};`,
    '      responses: {',
    ...Object.entries(responses).map(
      ([status, { content }]) =>
        `        ${status}: { headers: { [name: string]: unknown }; content${content === undefined ? '?: never' : `: ${ofContent(content)}`} };`,
    ),
    '      };',
    '    };',
  ];
}

function ofParameters(place: string, parameters: Parameter[]): string {
  if (parameters.length === 0) return `        ${place}?: never;`;
  const isNeeded = parameters.some(({ required }) => required);
  const fields = parameters.map(
    ({ name, required, schema }) => `${JSON.stringify(name)}${required ? '' : '?'}: ${typeOfSchema(schema)}`,
  );
  return `        ${place}${isNeeded ? '' : '?'}: { ${fields.join('; ')} };`;
}

const ofContent = (content: Content): string =>
  `{ ${Object.entries(content)
    .map(([type, { schema }]) => `${JSON.stringify(type)}: ${typeOfSchema(schema)}`)
    .join('; ')} }`;
