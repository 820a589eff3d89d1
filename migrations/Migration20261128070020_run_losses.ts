import { Migration } from '@mikro-orm/migrations';

export class Migration20261128070020_run_losses extends Migration {
  override name = 'Migration20261128070020_run_losses';

  override up(): void | Promise<void> {
    this.addSql(`alter table "sync_runs" add "losses" jsonb not null default '[]';`);
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "sync_runs" drop column "losses";`);
  }
}
