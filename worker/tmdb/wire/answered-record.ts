import type { RecordKind } from '#shared/records/record.ts';
import type { RecordPartName } from '#shared/records/stored-records.ts';
import type { ListedMovie, MirroredCredit, MirroredPerson, NamedId } from './mirrored-movie.ts';

/** A film of a person, as TMDb gives it of the person. */
export interface PersonCreditOf
  extends Pick<MirroredCredit, 'credit_id' | 'kind' | 'character' | 'department' | 'job' | 'position'> {
  tmdb_id: number;
}

/** A person, a collection or a company with the answer that it was made from. */
export interface AnsweredRecord<Kind extends RecordKind = RecordKind> {
  kind: Kind;
  id: number;
  /** JSON texts. */
  texts: ReadonlyMap<RecordPartName<Kind>, string>;
  /** Of a person. */
  person?: MirroredPerson;
  credits: PersonCreditOf[];
  /** Of a collection. */
  collection?: NamedId;
  /** All that the answer names, as its rows say it. */
  movies: ListedMovie[];
}
