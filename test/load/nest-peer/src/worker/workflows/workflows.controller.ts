import { Controller, UsePipes, ValidationPipe } from '@nestjs/common';
import { MessagePattern, Payload, RpcException } from '@nestjs/microservices';
import { CreateWorkflowDto } from './workflow.dto';
import { WorkflowsService } from './workflows.service';

@Controller()
@UsePipes(
  new ValidationPipe({
    whitelist: true,
    transform: true,
    exceptionFactory: (errors) =>
      new RpcException({ status: 'error', statusCode: 422, message: errors.join('; ') }),
  }),
)
export class WorkflowsController {
  constructor(private readonly workflows: WorkflowsService) {}

  @MessagePattern('workflows.create')
  create(@Payload() dto: CreateWorkflowDto) {
    return this.workflows.create(dto);
  }
}
