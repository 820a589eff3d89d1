import type { Admission } from '../http/callers/admission.ts';
import type { ClientAddress } from '../http/callers/client-address.ts';
import type { AskedLocale } from '../http/input/asked-locale.ts';
import type { Localization } from '../localization/localize-items.ts';
import type { WithViewerFlags } from '../viewer/viewer-flags.ts';
import type { RecordDeps } from './record-fetches.ts';

/** What the route of one kind of thing needs. */
export interface RecordRouteDeps {
  records: RecordDeps;
  localization: Localization;
  withViewerFlags: WithViewerFlags;
  localeOf: AskedLocale;
  admission: Admission;
  addressOf: ClientAddress;
}
