import { Migration } from '@mikro-orm/migrations';

export class Migration20261128034845_follow_up_trigger extends Migration {
  override name = 'Migration20261128034845_follow_up_trigger';

  override up(): void | Promise<void> {
    this.addSql(`alter table "sync_runs" drop constraint "sync_runs_trigger_check";`);
    this.addSql(
      `alter table "sync_runs" add constraint "sync_runs_trigger_check" check (trigger in ('schedule', 'admin', 'start', 'follow-up'));`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`update "sync_runs" set "trigger" = 'schedule' where "trigger" = 'follow-up';`);
    this.addSql(`alter table "sync_runs" drop constraint "sync_runs_trigger_check";`);
    this.addSql(
      `alter table "sync_runs" add constraint "sync_runs_trigger_check" check (trigger in ('schedule', 'admin', 'start'));`,
    );
  }
}
