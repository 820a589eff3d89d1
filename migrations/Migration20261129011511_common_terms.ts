import { Migration } from '@mikro-orm/migrations';

const byId = (keys: string) => [
  'drop index movies_by_id_index;',
  `create index movies_by_id_index on movies (id) include (${keys}, adult, certification, release_date, vote_average, vote_count, genre_bits, country_bits, original_language, runtime) where state in ('listed', 'detailed');`,
];

const sample = (keys: string) => [
  'drop index movies_sample_index;',
  `create index movies_sample_index on movies (id) include (${keys}adult, certification, release_date, vote_average, vote_count, genre_bits, country_bits, original_language, runtime) where state in ('listed', 'detailed') and (hashint8(id) & 15) = 0;`,
];

/** Of common terms no id has to be read for a list; and what is looked up by ids is sorted by title without its rows. */
export class Migration20261129011511_common_terms extends Migration {
  override name = 'Migration20261129011511_common_terms';

  override up(): void | Promise<void> {
    this.addSql('set local statement_timeout = 0;');
    this.addSql(
      `create table "common_terms" ("term" bigint not null, "reach" int not null, "movies" bit varying not null, primary key ("term"));`,
    );
    // Bits of movies say little of one another: to pack them would only cost time.
    this.addSql('alter table common_terms alter column movies set storage external;');
    for (const text of [...byId('tmdb_id, popularity, title_key'), ...sample('tmdb_id, ')]) this.addSql(text);
  }

  override down(): void | Promise<void> {
    for (const text of [...byId('tmdb_id, popularity'), ...sample('')]) this.addSql(text);
    this.addSql('drop table if exists "common_terms" cascade;');
  }
}
