import {
  Body,
  Controller,
  DefaultValuePipe,
  Get,
  Param,
  ParseIntPipe,
  ParseUUIDPipe,
  Post,
  Query,
} from '@nestjs/common';
import { CreateBuildingDto } from './building.dto';
import { BuildingsService } from './buildings.service';

@Controller('v1/buildings')
export class BuildingsController {
  constructor(private readonly buildings: BuildingsService) {}

  @Post()
  create(@Body() dto: CreateBuildingDto) {
    return this.buildings.create(dto);
  }

  @Get()
  list(@Query('pageSize', new DefaultValuePipe(50), ParseIntPipe) pageSize: number) {
    return this.buildings.list(pageSize);
  }

  @Get(':id')
  get(@Param('id', ParseUUIDPipe) id: string) {
    return this.buildings.get(id);
  }
}
