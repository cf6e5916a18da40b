import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { CreateWorkflowDto } from './workflow.dto';
import { Workflow } from './workflow.entity';

@Injectable()
export class WorkflowsService {
  constructor(@InjectRepository(Workflow) private readonly workflows: Repository<Workflow>) {}

  async create({ name, buildingId }: CreateWorkflowDto) {
    const workflow = await this.workflows.save(
      this.workflows.create({ name, status: 'running', buildingId: String(buildingId) }),
    );
    return { id: workflow.id, name: workflow.name, status: workflow.status, buildingId };
  }
}
