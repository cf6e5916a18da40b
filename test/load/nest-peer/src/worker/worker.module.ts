import { Module } from '@nestjs/common';
import { ClientsModule, Transport } from '@nestjs/microservices';
import { TypeOrmModule } from '@nestjs/typeorm';
import { database } from '../database';
import { settings } from '../settings';
import { CreateWorkflows1700000000000 } from './workflows/create-workflows.migration';
import { Workflow } from './workflows/workflow.entity';
import { WorkflowsController } from './workflows/workflows.controller';
import { WorkflowsService } from './workflows/workflows.service';

@Module({
  imports: [
    TypeOrmModule.forRootAsync({
      useFactory: () => database([Workflow], [CreateWorkflows1700000000000]),
    }),
    TypeOrmModule.forFeature([Workflow]),
    ClientsModule.register([
      { name: 'EVENTS', transport: Transport.NATS, options: { servers: [settings.natsUrl()] } },
    ]),
  ],
  controllers: [WorkflowsController],
  providers: [WorkflowsService],
})
export class WorkerModule {}
