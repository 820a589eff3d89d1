import { Migration } from '@mikro-orm/migrations';

/** Which of the 64 bits are set, the lowest is 64. One expression, so that the planner puts it in place of the call. */
const bitPlaces = `
create function bit_places(bits bigint) returns int[] language sql immutable parallel safe as $$
  select array_positions(string_to_array(bits::bit(64)::text, null), '1')
$$;`;

export class Migration20261128141000_genre_places extends Migration {
  override name = 'Migration20261128141000_genre_places';

  override up(): void | Promise<void> {
    this.addSql('set local statement_timeout = 0;');
    this.addSql(bitPlaces);
    this.addSql(
      `create index movies_genre_places_index on movies using gin (bit_places(genre_bits)) with (gin_pending_list_limit = 128) where state in ('listed', 'detailed');`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop index movies_genre_places_index;`);
    this.addSql(`drop function bit_places(bigint);`);
  }
}
