import { TypeOrmModuleOptions } from '@nestjs/typeorm';
import { EntitySchema, MixedList } from 'typeorm';
import { settings } from './settings';

type Classes = MixedList<Function | string | EntitySchema>;

/** TypeORM over node-postgres; migrations run at start, as Lintel's do. */
export function database(entities: Classes, migrations: MixedList<Function>): TypeOrmModuleOptions {
  return {
    type: 'postgres',
    url: settings.databaseUrl(),
    entities,
    migrations,
    migrationsRun: process.env.MIGRATE !== 'off',
    synchronize: false,
    logging: false,
    poolSize: settings.databaseConnections(),
  };
}
