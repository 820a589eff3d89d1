import { Migration } from '@mikro-orm/migrations';

/** As in `certification.ts` when this was written: letters and digits alone, and the usual spelling. */
const key = `upper(regexp_replace(regexp_replace(normalize(certification, nfkc), '^\\s*(mpaa|rated|rating)\\M', '', 'i'),
  '[^[:alnum:]]', '', 'g'))`;
const unrated = `('', '0', 'NR', 'UR', 'UNRATED', 'NOTRATED', 'NOTYETRATED', 'NONE', 'NA', 'TBD', 'TBA')`;
const spellings = `(values ('TVY', 'TV-Y'), ('G', 'G'), ('TVG', 'TV-G'), ('TVY7', 'TV-Y7'), ('TVY7FV', 'TV-Y7'),
  ('PG', 'PG'), ('TVPG', 'TV-PG'), ('PG13', 'PG-13'), ('TV14', 'TV-14'), ('R', 'R'), ('TVMA', 'TV-MA'),
  ('NC17', 'NC-17'), ('X', 'X'), ('XXX', 'X'), ('12', '12'), ('13', '13'), ('14', '14'), ('15', '15'), ('16', '16'),
  ('17', '17'), ('18', '18'), ('21', '21'))`;

export class Migration20261128072300_certifications extends Migration {
  override name = 'Migration20261128072300_certifications';

  override up(): void | Promise<void> {
    this.addSql('set local statement_timeout = 0;');
    // Only one certification was kept. Where it said nothing, another one may have: these count as stale, so that the
    // next run of `details` asks for them. The others are asked for again within a week, as always.
    this.addSql(
      `update movies set certification = null, content_hash = null,
        fetched_at = least(fetched_at, now() - interval '8 days')
        where ${key} in ${unrated};`,
    );
    this.addSql(
      `update movies m set certification = s.usual, content_hash = null
        from movies k join ${spellings} as s(key, usual) on ${key.replaceAll('certification', 'k.certification')} = s.key
        where k.id = m.id and m.certification <> s.usual;`,
    );
  }

  /** How they were spelt before is not kept, and no table changed. */
  override down(): void | Promise<void> {}
}
