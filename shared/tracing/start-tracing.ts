import { context, propagation, ROOT_CONTEXT, SpanKind, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { setGlobalErrorHandler, W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { BullMQOtel } from 'bullmq-otel';
import type { TracingTarget } from '../config.ts';
import type { Log } from '../log.ts';
import { within } from '../within.ts';
import { openSpan } from './open-span.ts';
import { ownSampler } from './own-sampler.ts';
import type { Tracing } from './tracing.ts';

interface StartTracingOptions extends TracingTarget {
  serviceName: string;
  log: Log;
}

/** What a collector that is away may cost: so many spans in memory, the rest is dropped… */
const maxQueueSize = 4096;
/** …and so long at the end. */
const flushMs = 2000;
const sendEveryMs = 1000;
const exportTimeoutMs = 5000;
const complainEveryMs = 60_000;

const readHeader = {
  keys: (headers: Headers) => [...headers.keys()],
  get: (headers: Headers, name: string) => headers.get(name) ?? undefined,
};

/** Makes OpenTelemetry this process's own: there is one at a time. */
export function startTracing({ endpoint, headers, serviceName, log }: StartTracingOptions): Tracing {
  setGlobalErrorHandler(complainSeldom(log));
  const exporter = new OTLPTraceExporter({
    url: `${endpoint}/v1/traces`,
    headers,
    timeoutMillis: exportTimeoutMs,
  });
  const processor = new BatchSpanProcessor(exporter, {
    maxQueueSize,
    scheduledDelayMillis: sendEveryMs,
    exportTimeoutMillis: exportTimeoutMs,
  });
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({ 'service.name': serviceName, 'process.pid': process.pid }),
    sampler: ownSampler,
    spanProcessors: [processor],
  });
  const contexts = new AsyncLocalStorageContextManager().enable();
  context.setGlobalContextManager(contexts);
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(provider);
  const tracer = provider.getTracer('nexus');
  return {
    telemetry: new BullMQOtel({ tracerName: 'bullmq' }),
    request(incoming, name) {
      const parent = propagation.extract(ROOT_CONTEXT, incoming, readHeader);
      return openSpan(tracer, name, { kind: SpanKind.SERVER }, parent);
    },
    call: (name, attributes) =>
      openSpan(tracer, name, { kind: SpanKind.CLIENT, attributes }, context.active()),
    bind: (work) => context.bind(context.active(), work),
    annotate: (attributes) => void trace.getActiveSpan()?.setAttributes(attributes),
    traceId: () => trace.getActiveSpan()?.spanContext().traceId,
    async [Symbol.asyncDispose]() {
      await within(flushMs, provider.shutdown()).catch(() => {});
      for (const api of [trace, propagation, context]) api.disable();
    },
  };
}

/** Traces that cannot be delivered are no reason for a line each. */
function complainSeldom(log: Log): (error: unknown) => void {
  let saidMs = Number.NEGATIVE_INFINITY;
  return (error) => {
    if (performance.now() - saidMs < complainEveryMs) return;
    saidMs = performance.now();
    const { code } = error as { code?: unknown };
    log.warn({ code: String(code ?? 'unknown') }, 'traces could not be delivered');
  };
}
