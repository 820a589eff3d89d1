import { Migration } from '@mikro-orm/migrations';

export class Migration20261128081714_facade_indexes extends Migration {
  override name = 'Migration20261128081714_facade_indexes';

  override up(): void | Promise<void> {
    this.addSql(
      `create index movies_by_revenue_index on movies (revenue desc nulls last, tmdb_id) where state in ('listed', 'detailed') and revenue > 0;`,
    );
    this.addSql(
      `create index movies_runtime_index on movies (runtime) where state in ('listed', 'detailed') and runtime > 0;`,
    );
    this.addSql(
      `create index movies_certification_index on movies (certification) where state in ('listed', 'detailed') and certification is not null;`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop index "movies_by_revenue_index";`);
    this.addSql(`drop index "movies_runtime_index";`);
    this.addSql(`drop index "movies_certification_index";`);
  }
}
