import { SpanKind, trace } from '@opentelemetry/api';
import { type Sampler, SamplingDecision } from '@opentelemetry/sdk-trace-base';

const flagSampled = 1;

/**
 * Follows the caller's decision, and otherwise keeps everything but what the queue's library does for itself: it asks
 * for the next job again and again, and each time would be a trace of its own.
 */
export const ownSampler: Sampler = {
  shouldSample(context, _traceId, _name, kind) {
    const parent = trace.getSpanContext(context);
    const kept =
      parent === undefined ? kind !== SpanKind.INTERNAL : (parent.traceFlags & flagSampled) === flagSampled;
    return { decision: kept ? SamplingDecision.RECORD_AND_SAMPLED : SamplingDecision.NOT_RECORD };
  },
  toString: () => 'OwnSampler',
};
