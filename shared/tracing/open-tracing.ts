import type { TracingTarget } from '../config.ts';
import type { Log } from '../log.ts';
import type { Tracing } from './tracing.ts';

interface OpenTracingOptions {
  /** `undefined`: nobody wants traces. */
  target: TracingTarget | undefined;
  /** What this process is called where `OTEL_SERVICE_NAME` does not say. */
  serviceName: string;
  log: Log;
}

/** Traces for the collector of `OTEL_EXPORTER_OTLP_ENDPOINT`. Without one, not even the code is loaded. */
export async function openTracing({
  target,
  serviceName,
  log,
}: OpenTracingOptions): Promise<Tracing | undefined> {
  if (target === undefined) return undefined;
  const { startTracing } = await import('./start-tracing.ts');
  return startTracing({ ...target, serviceName: target.serviceName ?? serviceName, log });
}
