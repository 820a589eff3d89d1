import {
  type Context,
  context,
  type SpanOptions,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import type { OpenSpan } from './tracing.ts';

export function openSpan(tracer: Tracer, name: string, options: SpanOptions, parent: Context): OpenSpan {
  const span = tracer.startSpan(name, options, parent);
  const inside = trace.setSpan(parent, span);
  return {
    traceId: span.spanContext().traceId,
    run: (work) => context.with(inside, work),
    end({ name: finalName, attributes = {}, failed = false }) {
      if (finalName !== undefined) span.updateName(finalName);
      span.setAttributes(attributes);
      if (failed) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    },
  };
}
