import { Elysia } from 'elysia';
import type { Locales } from '#shared/config.ts';
import { tmdbNotice } from '../attribution/notice.ts';
import type { Admission } from '../http/callers/admission.ts';
import { success } from '../http/contract/answer.ts';
import { describeRoute } from '../http/contract/describe-route.ts';
import { unknownParameter } from '../http/contract/failures.ts';
import type { PictureBaseOf } from '../http/input/picture-base.ts';
import { optionalViewer } from '../http/plugins/guards.ts';
import { strictQuery } from '../http/plugins/query.ts';
import { attributions, Configuration, imageSettings } from './model.ts';

interface ConfigurationRoutesDeps {
  picturesOf: PictureBaseOf;
  locales: Locales;
  admission: Admission;
}

export function configurationRoutes({ picturesOf, locales, admission }: ConfigurationRoutesDeps) {
  const settings: Omit<Configuration, 'images'> = {
    languages: locales.languages === 'all' ? 'all' : [...locales.languages],
    default_language: locales.defaultLanguage,
    regions: locales.regions,
    default_region: locales.defaultRegion,
    attribution: attributions(tmdbNotice),
  };
  return new Elysia({ name: 'configuration' })
    .use(optionalViewer(admission))
    .use(strictQuery())
    .get(
      '/api/configuration',
      ({ request, set }) => {
        set.headers['cache-control'] = 'public, max-age=3600';
        const configuration: Configuration = {
          images: { base_url: picturesOf(request).url, ...imageSettings },
          ...settings,
        };
        return success(configuration);
      },
      {
        ...describeRoute({
          tag: 'Movies',
          summary: 'Sizes of pictures, and the languages and regions that are kept',
          description: 'Everybody who shows providers must name JustWatch: see `attribution`.',
          data: Configuration,
          failures: [401, unknownParameter, 429, 500, 503],
        }),
      },
    );
}
