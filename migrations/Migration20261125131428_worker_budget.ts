import { Migration } from '@mikro-orm/migrations';

export class Migration20261125131428_worker_budget extends Migration {
  override name = 'Migration20261125131428_worker_budget';

  override up(): void | Promise<void> {
    this.addSql(`alter table "worker_processes" add "max_rps" int null;`);
    // `job` is Prometheus' own: what was counted before goes on under the new name.
    this.addSql(
      `update metric_totals set labels = regexp_replace(labels, '(^|,)job=', '\\1job_name=') where name like 'nexus_job%';`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "worker_processes" drop column "max_rps";`);
  }
}
