import { z } from 'zod';
import { Name, Password } from '#shared/users/credentials.ts';
import { importLists, importSources, importStatuses } from '#shared/users/user-import.ts';
import { importRowStatuses } from '#shared/users/user-import-row.ts';
import { interactionTypes } from '#shared/users/user-movie-interaction.ts';
import { Account, CurrentPassword, DateOfBirth } from '../../auth/model.ts';
import { bodyObject } from '../../http/input/body-object.ts';
import { Preferences } from '../preferences/model.ts';

export const ProfileChange = bodyObject({
  name: Name.optional(),
  date_of_birth: DateOfBirth.nullable().optional(),
  password: bodyObject({ current: CurrentPassword, next: Password }).optional(),
});
export type ProfileChange = z.output<typeof ProfileChange>;

export const AccountRemoval = bodyObject({ password: CurrentPassword });

const count = z.int().min(0);

/** Who one is, with preferences and counts. */
export const Profile = Account.extend({
  preferences: Preferences,
  interactions: z.object({ liked: count, disliked: count, bookmarked: count, watched: count }),
});

const Named = z.object({ id: z.int(), name: z.string().nullable(), created_at: z.iso.datetime() });
const Titled = z.object({ tmdb_id: z.int(), title: z.string().nullable() });

/** Everything that is kept of a user. Of secrets only that there are some. */
export const UserExport = z.object({
  account: Account.extend({ updated_at: z.iso.datetime() }),
  sessions: z.array(
    z.object({
      id: z.uuid(),
      created_at: z.iso.datetime(),
      refreshed_at: z.iso.datetime(),
      expires_at: z.iso.datetime(),
    }),
  ),
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
      rows: z.array(
        z.object({
          line: z.int(),
          title: z.string().nullable(),
          year: z.int().nullable(),
          rating: z.int().nullable().meta({ description: 'Out of ten.' }),
          at: z.iso.datetime().nullable(),
          status: z.enum(importRowStatuses),
          tmdb_id: z.int().nullable(),
        }),
      ),
    }),
  ),
  interactions: z.array(Titled.extend({ type: z.enum(interactionTypes), at: z.iso.datetime() })),
});
