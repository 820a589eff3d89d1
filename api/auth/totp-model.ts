import { z } from 'zod';
import { describeSchema } from '../http/contract/describe-schema.ts';
import { bodyObject } from '../http/input/body-object.ts';
import { CurrentPassword, TotpCode } from './model.ts';

export const TotpBegin = bodyObject({ password: CurrentPassword });
describeSchema(TotpBegin, { example: { password: 'correct horse' } });

export const TotpConfirmation = bodyObject({ code: TotpCode });
describeSchema(TotpConfirmation, { example: { code: '123456' } });

export const TotpRemoval = bodyObject({ password: CurrentPassword, code: TotpCode });
describeSchema(TotpRemoval, { example: { password: 'correct horse', code: '123456' } });

export const TotpSetup = z.object({
  secret: z.string().meta({ description: 'In base 32, for apps that want it typed.' }),
  url: z.string().meta({ description: 'The same for apps, as a link or a QR code.' }),
});
describeSchema(TotpSetup, {
  name: 'TotpSetup',
  example: {
    secret: 'JBSWY3DPEHPK3PXP',
    url: 'otpauth://totp/Project%20Nexus:ada%40example.org?secret=JBSWY3DPEHPK3PXP',
  },
});

export const RecoveryCodes = z.object({ recovery_codes: z.array(z.string()) });
describeSchema(RecoveryCodes, {
  name: 'RecoveryCodes',
  example: { recovery_codes: ['0123-4567-89ab-cdef-0123-4567-89ab-cdef'] },
});

export const TotpState = z.object({ enabled: z.boolean(), recovery_codes_left: z.int().min(0) });
describeSchema(TotpState, { name: 'TotpState', example: { enabled: true, recovery_codes_left: 10 } });
