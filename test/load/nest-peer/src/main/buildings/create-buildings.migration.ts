import { MigrationInterface, QueryRunner } from 'typeorm';

/** The table and the indexes of apps/main, so that both stacks write the same. */
export class CreateBuildings1700000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE buildings (
        id            uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        version       integer NOT NULL,
        name          text COLLATE "C" NOT NULL,
        kind          text NOT NULL,
        category      text,
        parent_id     uuid REFERENCES buildings (id),
        street        text,
        city          text,
        region        text,
        postal_code   text,
        country       text,
        latitude      double precision,
        longitude     double precision,
        year_built    integer,
        floor_area_m2 double precision,
        floors        integer,
        owner_user_id text,
        owner_org_id  text,
        attributes    jsonb NOT NULL DEFAULT '{}',
        metadata      jsonb NOT NULL DEFAULT '{}',
        created_at    timestamptz NOT NULL DEFAULT now(),
        updated_at    timestamptz NOT NULL DEFAULT now(),
        deleted_at    timestamptz
      )`);
    await runner.query(`
      CREATE INDEX buildings_by_parent ON buildings (parent_id, id) WHERE parent_id IS NOT NULL;
      CREATE INDEX buildings_by_city ON buildings (city, id) WHERE city IS NOT NULL;
      CREATE INDEX buildings_by_category ON buildings (category, id) WHERE category IS NOT NULL;
      CREATE INDEX buildings_by_name ON buildings (name, id)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE buildings');
  }
}
