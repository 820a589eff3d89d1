import type { TestBody } from './test-response.ts';

export interface DescribedMedia {
  schema: Record<string, unknown>;
  example?: TestBody;
  examples?: Record<string, { value: TestBody }>;
}

export interface DescribedResponse {
  headers?: Record<string, unknown>;
  content?: Record<string, DescribedMedia>;
}

export interface DescribedOperation {
  /** Method and path, as the description has them. */
  where: string;
  security?: object[];
  parameters?: { name: string; in: string }[];
  requestBody?: { content: Record<string, DescribedMedia> };
  responses: Record<string, DescribedResponse>;
}

export function operationsOf(description: TestBody): DescribedOperation[] {
  const paths = Object.entries(description.paths as Record<string, Record<string, DescribedOperation>>);
  return paths.flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ ...operation, where: `${method} ${path}` })),
  );
}

/** One or several, however they are written down. */
export const examplesOf = ({ example, examples = {} }: DescribedMedia): TestBody[] => [
  ...(example === undefined ? [] : [example]),
  ...Object.values(examples).map(({ value }) => value),
];

/** The examples of a failure, by its status. */
export const failuresOf = ({ responses }: DescribedOperation, status: number | string): TestBody[] =>
  Object.values(responses[status]?.content ?? {}).flatMap(examplesOf);
