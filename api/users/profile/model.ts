import { z } from 'zod';
import { Email, Name, Password } from '#shared/credentials.ts';
import { securityEventNames, securityOutcomes } from '#shared/security/security-event.ts';
import { sessionKinds } from '#shared/users/session.ts';
import { importLists, importSources, importStatuses } from '#shared/users/user-import.ts';
import { importMatches, importRowStatuses } from '#shared/users/user-import-row.ts';
import { interactionTypes } from '#shared/users/user-movie-interaction.ts';
import { Account, CurrentPassword, DateOfBirth, TotpCode } from '../../auth/model.ts';
import { describeSchema, exampleOf } from '../../http/contract/describe-schema.ts';
import { exampleTime } from '../../http/contract/example-values.ts';
import { bodyObject } from '../../http/input/body-object.ts';
import { Country } from '../../http/input/locale-query.ts';
import { MovieListItem } from '../../movies/model.ts';
import { Preferences } from '../preferences/model.ts';

export const ProfileChange = bodyObject({
  name: Name.optional(),
  date_of_birth: DateOfBirth.nullable().optional(),
  country: Country.nullable().optional(),
  password: bodyObject({ current: CurrentPassword, next: Password }).optional(),
  email: bodyObject({ password: CurrentPassword, code: TotpCode.optional(), next: Email }).optional(),
});
describeSchema(ProfileChange, {
  example: { name: 'Ada L.', country: 'DE' },
});
export type ProfileChange = z.output<typeof ProfileChange>;

export const AccountRemoval = bodyObject({ password: CurrentPassword });
describeSchema(AccountRemoval, {
  example: { password: 'correct horse' },
});

const count = z.int().min(0);

const country = z.string().nullable().meta({ description: 'ISO 3166-1, such as `DE`.' });

/** Who one is, with preferences and counts. */
export const Profile = Account.extend({
  country,
  preferences: Preferences,
  interactions: z.object({ liked: count, disliked: count, bookmarked: count, watched: count }),
});
describeSchema(Profile, {
  name: 'Profile',
  example: {
    ...exampleOf(Account),
    country: 'DE',
    preferences: exampleOf(Preferences),
    interactions: { liked: 3, disliked: 0, bookmarked: 1, watched: 12 },
  },
});

const exampleMovie = exampleOf(MovieListItem);

const Named = z.object({ id: z.int(), name: z.string().nullable(), created_at: z.iso.datetime() });
const Titled = z.object({ tmdb_id: z.int(), title: z.string().nullable() });

/** Everything that is kept of a user. Of secrets only that there are some. */
export const UserExport = z.object({
  account: Account.extend({ country, updated_at: z.iso.datetime() }),
  sessions: z.array(
    z.object({
      id: z.uuid(),
      kind: z.enum(sessionKinds),
      device: z.string().nullable(),
      network: z.string().nullable(),
      totp: z.boolean().meta({ description: 'Whether a second factor was given for it.' }),
      created_at: z.iso.datetime(),
      refreshed_at: z.iso.datetime(),
      expires_at: z.iso.datetime(),
    }),
  ),
  login_networks: z.array(z.object({ network: z.string(), last_at: z.iso.datetime() })).meta({
    description: 'Where you have signed in from. Failed logins elsewhere never keep you out there.',
  }),
  totp: z
    .object({
      created_at: z.iso.datetime(),
      confirmed_at: z.iso.datetime().nullable(),
      recovery_codes_left: z.int(),
    })
    .nullable(),
  password_resets: z
    .array(z.object({ created_at: z.iso.datetime(), expires_at: z.iso.datetime() }))
    .meta({ description: 'Links to set a new password that were not used.' }),
  preferences: z.object({
    genres: z.array(Named),
    actors: z.array(Named),
    movies: z.array(Titled.extend({ created_at: z.iso.datetime() })),
  }),
  imports: z.array(
    z.object({
      id: z.uuid(),
      source: z.enum(importSources),
      list: z.enum(importLists),
      status: z.enum(importStatuses),
      created_at: z.iso.datetime(),
      finished_at: z.iso.datetime().nullable(),
      error: z.string().nullable(),
      rows: z.array(
        z.object({
          line: z.int(),
          title: z.string().nullable(),
          original_title: z.string().nullable(),
          year: z.int().nullable(),
          directors: z.string().nullable(),
          given_tmdb_id: z.int().nullable().meta({ description: 'As the file has it.' }),
          given_imdb_id: z.string().nullable().meta({ description: 'As the file has it.' }),
          rating: z.number().nullable().meta({ description: 'Out of ten.' }),
          at: z.iso.datetime().nullable(),
          rated_at: z.iso.datetime().nullable().meta({ description: 'Where it was rated on another day.' }),
          status: z.enum(importRowStatuses),
          tmdb_id: z.int().nullable(),
          matched_by: z.enum(importMatches).nullable(),
        }),
      ),
    }),
  ),
  import_budgets: z
    .array(z.object({ day: z.iso.date(), asked: z.int() }))
    .meta({ description: 'How many searches at TMDb your imports have cost on a day.' }),
  security_events: z
    .array(
      z.object({
        at: z.iso.datetime(),
        event: z.enum(securityEventNames),
        outcome: z.enum(securityOutcomes),
        by_you: z.boolean().meta({ description: '`false`: an administrator did it to your account.' }),
        address_key: z.string().nullable(),
        detail: z.string().nullable(),
      }),
    )
    .meta({ description: 'The newest 1,000 lines of the security log that are about you.' }),
  interactions: z.array(Titled.extend({ type: z.enum(interactionTypes), at: z.iso.datetime() })),
  ratings: z.array(Titled.extend({ rating: z.number(), at: z.iso.datetime() })),
});
export type UserExport = z.infer<typeof UserExport>;
describeSchema(UserExport, {
  name: 'UserExport',
  example: {
    account: { ...exampleOf(Account), country: null, updated_at: exampleTime },
    sessions: [],
    login_networks: [{ network: '203.0.113.0/24', last_at: exampleTime }],
    totp: null,
    password_resets: [],
    import_budgets: [],
    security_events: [],
    preferences: { genres: [], actors: [], movies: [] },
    interactions: [
      { tmdb_id: exampleMovie.tmdb_id, title: exampleMovie.title, type: 'liked', at: exampleTime },
    ],
    ratings: [{ tmdb_id: exampleMovie.tmdb_id, title: exampleMovie.title, rating: 4.5, at: exampleTime }],
    imports: [],
  },
});
