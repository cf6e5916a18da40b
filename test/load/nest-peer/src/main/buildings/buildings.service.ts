import { Inject, Injectable, NotFoundException } from '@nestjs/common';
import { ClientProxy } from '@nestjs/microservices';
import { InjectRepository } from '@nestjs/typeorm';
import { firstValueFrom, timeout } from 'rxjs';
import { Repository } from 'typeorm';
import { CreateBuildingDto, toColumns, toResponse } from './building.dto';
import { Building } from './building.entity';

export const WORKFLOWS_CLIENT = 'WORKFLOWS_CLIENT';

interface Workflow {
  id: string;
  name: string;
  status: string;
  buildingId: string;
}

@Injectable()
export class BuildingsService {
  constructor(
    @InjectRepository(Building) private readonly buildings: Repository<Building>,
    @Inject(WORKFLOWS_CLIENT) private readonly workflows: ClientProxy,
  ) {}

  async create(dto: CreateBuildingDto) {
    const building = await this.buildings.save(this.buildings.create(toColumns(dto)));
    const workflow = await firstValueFrom(
      this.workflows
        .send<Workflow>('workflows.create', { name: building.name, buildingId: building.id })
        .pipe(timeout(5000)),
    );
    return { ...toResponse(building), workflow };
  }

  async get(id: string) {
    const building = await this.buildings.findOneBy({ id });
    if (!building) {
      throw new NotFoundException(`no building ${id}`);
    }
    return toResponse(building);
  }

  async list(pageSize: number) {
    const rows = await this.buildings.find({
      order: { id: 'ASC' },
      take: Math.min(pageSize, 200),
    });
    return { items: rows.map(toResponse) };
  }
}
