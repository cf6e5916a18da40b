import { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateWorkflows1700000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE workflows (
        id          uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        version     integer NOT NULL,
        name        text NOT NULL,
        status      text NOT NULL DEFAULT 'pending',
        building_id text NOT NULL,
        attributes  jsonb NOT NULL DEFAULT '{}',
        metadata    jsonb NOT NULL DEFAULT '{}',
        created_at  timestamptz NOT NULL DEFAULT now(),
        updated_at  timestamptz NOT NULL DEFAULT now()
      )`);
    await runner.query('CREATE INDEX workflows_building_id ON workflows (building_id)');
    await runner.query('CREATE INDEX workflows_created_at ON workflows (created_at, id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE workflows');
  }
}
