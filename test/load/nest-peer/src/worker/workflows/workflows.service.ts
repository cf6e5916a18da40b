import { Inject, Injectable, Logger } from '@nestjs/common';
import { ClientProxy } from '@nestjs/microservices';
import { InjectRepository } from '@nestjs/typeorm';
import { lastValueFrom } from 'rxjs';
import { Repository } from 'typeorm';
import { CreateWorkflowDto } from './workflow.dto';
import { Workflow } from './workflow.entity';

@Injectable()
export class WorkflowsService {
  private readonly logger = new Logger(WorkflowsService.name);

  constructor(
    @InjectRepository(Workflow) private readonly workflows: Repository<Workflow>,
    @Inject('EVENTS') private readonly events: ClientProxy,
  ) {}

  async create({ name, buildingId }: CreateWorkflowDto) {
    const workflow = await this.workflows.save(
      this.workflows.create({ name, status: 'running', buildingId: String(buildingId) }),
    );
    this.carryOut(workflow, buildingId).catch((error) => this.logger.error(error));
    return { id: workflow.id, name: workflow.name, status: workflow.status, buildingId };
  }

  /** What building-onboarding does: it tells everybody, and is completed. */
  private async carryOut({ id }: Workflow, buildingId: string | number) {
    const told = this.events.emit('buildings.onboarded', { buildingId, workflowId: id });
    await lastValueFrom(told, { defaultValue: undefined });
    await this.workflows.update(id, { status: 'completed', finishedAt: new Date() });
  }
}
