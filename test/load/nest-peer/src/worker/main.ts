import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { MicroserviceOptions, Transport } from '@nestjs/microservices';
import { settings } from '../settings';
import { WorkerModule } from './worker.module';

async function bootstrap() {
  const app = await NestFactory.createMicroservice<MicroserviceOptions>(WorkerModule, {
    logger: ['error', 'warn'],
    transport: Transport.NATS,
    options: {
      servers: [settings.natsUrl()],
      queue: 'workflows-service',
      maxReconnectAttempts: -1,
    },
  });
  app.enableShutdownHooks();
  await app.listen();
  process.stdout.write('ready\n');
}

void bootstrap();
