import { Migration } from '@mikro-orm/migrations';

/** The newest interactions of a user, also where many of them happened at one moment. */
export class Migration20261129083612_interactions_of_one_moment extends Migration {
  override name = 'Migration20261129083612_interactions_of_one_moment';

  override up(): void | Promise<void> {
    this.addSql('set local statement_timeout = 0;');
    this.addSql('drop index "user_movie_interactions_newest_index";');
    this.addSql(
      'create index user_movie_interactions_newest_index on user_movie_interactions (user_id, created_at desc, movie_id desc, interaction_type);',
    );
  }

  override down(): void | Promise<void> {
    this.addSql('set local statement_timeout = 0;');
    this.addSql('drop index "user_movie_interactions_newest_index";');
    this.addSql(
      'create index user_movie_interactions_newest_index on user_movie_interactions (user_id, created_at desc);',
    );
  }
}
