import { MigrationInterface, QueryRunner } from 'typeorm';

/** The table and the index of apps/workflows, so that both stacks write the same. */
export class CreateWorkflows1700000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE workflows (
        id            uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        version       integer NOT NULL,
        name          text NOT NULL,
        status        text NOT NULL,
        building_id   text NOT NULL,
        owner_user_id text,
        owner_org_id  text,
        attributes    jsonb NOT NULL DEFAULT '{}',
        metadata      jsonb NOT NULL DEFAULT '{}',
        created_at    timestamptz NOT NULL DEFAULT now(),
        updated_at    timestamptz NOT NULL DEFAULT now(),
        deleted_at    timestamptz,
        finished_at   timestamptz
      )`);
    await runner.query(
      'CREATE INDEX workflows_by_building ON workflows (building_id, id) WHERE deleted_at IS NULL',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE workflows');
  }
}
