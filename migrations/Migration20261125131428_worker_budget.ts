import { Migration } from '@mikro-orm/migrations';

export class Migration20261125131428_worker_budget extends Migration {
  override name = 'Migration20261125131428_worker_budget';

  override up(): void | Promise<void> {
    this.addSql(`alter table "worker_processes" add "max_rps" int null;`);
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "worker_processes" drop column "max_rps";`);
  }
}
