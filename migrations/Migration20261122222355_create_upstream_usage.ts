import { Migration } from '@mikro-orm/migrations';

export class Migration20261122222355_create_upstream_usage extends Migration {
  override name = 'Migration20261122222355_create_upstream_usage';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "upstream_requests" ("minute" timestamptz not null, "endpoint" varchar(64) not null, "status" varchar(16) not null, "requests" int not null, primary key ("minute", "endpoint", "status"));`,
    );

    this.addSql(
      `create table "upstream_waits" ("minute" timestamptz not null, "granted" int not null, "waited_ms" double precision not null, primary key ("minute"));`,
    );

    this.addSql(`alter table "sync_runs" add "forced" boolean not null default false;`);
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "upstream_requests" cascade;`);
    this.addSql(`drop table if exists "upstream_waits" cascade;`);

    this.addSql(`alter table "sync_runs" drop column "forced";`);
  }
}
