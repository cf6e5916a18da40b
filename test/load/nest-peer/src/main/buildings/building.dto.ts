import { Type } from 'class-transformer';
import {
  IsIn,
  IsInt,
  IsNumber,
  IsObject,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { Building, BUILDING_KINDS, BuildingKind } from './building.entity';

export class AddressDto {
  @IsOptional()
  @IsString()
  @Length(1, 200)
  street?: string;

  @IsOptional()
  @IsString()
  @Length(1, 200)
  city?: string;

  @IsOptional()
  @IsString()
  @Length(1, 200)
  region?: string;

  @IsOptional()
  @IsString()
  @Length(1, 20)
  postalCode?: string;

  @IsOptional()
  @IsString()
  @Length(1, 100)
  country?: string;
}

export class LocationDto {
  @IsNumber()
  @Min(-90)
  @Max(90)
  latitude: number;

  @IsNumber()
  @Min(-180)
  @Max(180)
  longitude: number;
}

export class CreateBuildingDto {
  @IsString()
  @Length(1, 200)
  name: string;

  @IsOptional()
  @IsIn(BUILDING_KINDS)
  kind?: BuildingKind;

  @IsOptional()
  @IsString()
  @Length(1, 200)
  category?: string;

  @IsOptional()
  @IsUUID()
  parentId?: string;

  @IsOptional()
  @ValidateNested()
  @Type(() => AddressDto)
  address?: AddressDto;

  @IsOptional()
  @ValidateNested()
  @Type(() => LocationDto)
  location?: LocationDto;

  @IsOptional()
  @IsInt()
  yearBuilt?: number;

  @IsOptional()
  @IsNumber()
  @Min(0)
  floorAreaM2?: number;

  @IsOptional()
  @IsInt()
  floors?: number;

  @IsOptional()
  @IsObject()
  attributes?: Record<string, unknown>;

  @IsOptional()
  @IsObject()
  metadata?: Record<string, unknown>;
}

/** The columns of a building from the body of a request. */
export function toColumns(dto: CreateBuildingDto): Partial<Building> {
  const { address, location, ...rest } = dto;
  return { ...rest, kind: dto.kind ?? 'other', ...address, ...location };
}

/** What the API answers: the row, nested as the API nests it, without what is not set. */
export function toResponse(building: Building) {
  const { street, city, region, postalCode, country, latitude, longitude } = building;
  const { ownerUserId, ownerOrgId } = building;
  const hasAddress = street ?? city ?? region ?? postalCode ?? country;
  return {
    id: building.id,
    version: building.version,
    name: building.name,
    kind: building.kind,
    category: building.category ?? undefined,
    parentId: building.parentId ?? undefined,
    address: hasAddress ? { street, city, region, postalCode, country } : undefined,
    location: latitude == null ? undefined : { latitude, longitude },
    yearBuilt: building.yearBuilt ?? undefined,
    floorAreaM2: building.floorAreaM2 ?? undefined,
    floors: building.floors ?? undefined,
    owner: ownerUserId ? { userId: ownerUserId, orgId: ownerOrgId } : undefined,
    attributes: building.attributes,
    metadata: building.metadata,
    createdAt: building.createdAt,
    updatedAt: building.updatedAt,
  };
}
