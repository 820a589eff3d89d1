import { Migration } from '@mikro-orm/migrations';

export class Migration20261123025047_operations extends Migration {
  override name = 'Migration20261123025047_operations';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "job_failures" ("id" uuid not null, "queue" varchar(32) not null, "job" varchar(64) not null, "subject" varchar(64) not null, "payload" jsonb not null, "code" varchar(32) not null, "message" text not null, "attempts" int not null, "times" int not null default 1, "first_failed_at" timestamptz not null default now(), "last_failed_at" timestamptz not null default now(), primary key ("id"));`,
    );
    this.addSql(`create index "job_failures_last_failed_at_index" on "job_failures" ("last_failed_at");`);
    this.addSql(
      `alter table "job_failures" add constraint "job_failures_job_subject_unique" unique ("job", "subject");`,
    );

    this.addSql(
      `create table "metric_totals" ("name" varchar(96) not null, "labels" varchar(255) not null, "value" double precision not null, primary key ("name", "labels"));`,
    );

    this.addSql(
      `create table "worker_processes" ("id" uuid not null, "host" varchar(255) not null, "pid" int not null, "started_at" timestamptz not null, "seen_at" timestamptz not null, "event_loop_lag_ms" double precision not null, "resident_bytes" bigint not null, primary key ("id"));`,
    );

    this.addSql(`create function tell_of_run() returns trigger language plpgsql as $$
      begin
        perform pg_notify('nexus_notices', json_build_object('kind', 'run', 'id', new.id)::text);
        return null;
      end $$;`);
    this.addSql(
      `create trigger sync_runs_tell after insert or update on sync_runs for each row execute function tell_of_run();`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "job_failures" cascade;`);
    this.addSql(`drop table if exists "metric_totals" cascade;`);
    this.addSql(`drop table if exists "worker_processes" cascade;`);

    this.addSql(`drop trigger if exists "sync_runs_tell" on "sync_runs";`);
    this.addSql(`drop function if exists tell_of_run();`);
  }
}
