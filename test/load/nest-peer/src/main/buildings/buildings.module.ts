import { Module } from '@nestjs/common';
import { ClientsModule, Transport } from '@nestjs/microservices';
import { TypeOrmModule } from '@nestjs/typeorm';
import { settings } from '../../settings';
import { Building } from './building.entity';
import { BuildingsController } from './buildings.controller';
import { BuildingsService, WORKFLOWS_CLIENT } from './buildings.service';

@Module({
  imports: [
    TypeOrmModule.forFeature([Building]),
    ClientsModule.registerAsync([
      {
        name: WORKFLOWS_CLIENT,
        useFactory: () => ({
          transport: Transport.NATS,
          options: { servers: [settings.natsUrl()], maxReconnectAttempts: -1 },
        }),
      },
    ]),
  ],
  controllers: [BuildingsController],
  providers: [BuildingsService],
})
export class BuildingsModule {}
