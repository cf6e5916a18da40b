import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { database } from '../database';
import { Building } from './buildings/building.entity';
import { BuildingsModule } from './buildings/buildings.module';
import { CreateBuildings1700000000000 } from './buildings/create-buildings.migration';

@Module({
  imports: [
    TypeOrmModule.forRootAsync({
      useFactory: () => database([Building], [CreateBuildings1700000000000]),
    }),
    BuildingsModule,
  ],
})
export class AppModule {}
