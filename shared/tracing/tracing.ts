import type { Telemetry } from 'bullmq';

export type SpanAttributes = Record<string, string | number | boolean>;

export interface SpanEnd {
  /** Where the name is known only at the end. */
  name?: string | undefined;
  attributes?: SpanAttributes;
  failed?: boolean;
}

export interface OpenSpan {
  readonly traceId: string;
  /** What `work` starts has this span as its parent. */
  run<T>(work: () => T): T;
  end(how: SpanEnd): void;
}

/** Spans for a collector; where none is configured there is no such object, and no code of OpenTelemetry is loaded. */
export interface Tracing extends AsyncDisposable {
  /** A request that came in: it continues the trace that its `traceparent` names. */
  request(headers: Headers, name: string): OpenSpan;
  /** A call of ours to somebody else. */
  call(name: string, attributes: SpanAttributes): OpenSpan;
  /** The same function, running as part of what runs now, whoever calls it later. */
  bind<A extends unknown[], T>(work: (...args: A) => T): (...args: A) => T;
  /** Says more of the span we run in. */
  annotate(attributes: SpanAttributes): void;
  /** Of the trace that we run in. */
  traceId(): string | undefined;
  /** For the queues and their workers. */
  readonly telemetry: Telemetry;
}
