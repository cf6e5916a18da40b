import {
  Column,
  CreateDateColumn,
  DeleteDateColumn,
  Entity,
  PrimaryGeneratedColumn,
  UpdateDateColumn,
  VersionColumn,
} from 'typeorm';

export const BUILDING_KINDS = [
  'headquarters',
  'store',
  'warehouse',
  'office',
  'residential',
  'school',
  'hotel',
  'other',
] as const;
export type BuildingKind = (typeof BUILDING_KINDS)[number];

@Entity('buildings')
export class Building {
  @PrimaryGeneratedColumn('uuid')
  id: string;

  @VersionColumn()
  version: number;

  @Column('text')
  name: string;

  @Column('text')
  kind: BuildingKind;

  @Column('text', { nullable: true })
  category: string | null;

  @Column('uuid', { name: 'parent_id', nullable: true })
  parentId: string | null;

  @Column('text', { nullable: true })
  street: string | null;

  @Column('text', { nullable: true })
  city: string | null;

  @Column('text', { nullable: true })
  region: string | null;

  @Column('text', { name: 'postal_code', nullable: true })
  postalCode: string | null;

  @Column('text', { nullable: true })
  country: string | null;

  @Column('double precision', { nullable: true })
  latitude: number | null;

  @Column('double precision', { nullable: true })
  longitude: number | null;

  @Column('integer', { name: 'year_built', nullable: true })
  yearBuilt: number | null;

  @Column('double precision', { name: 'floor_area_m2', nullable: true })
  floorAreaM2: number | null;

  @Column('integer', { nullable: true })
  floors: number | null;

  @Column('text', { name: 'owner_user_id', nullable: true })
  ownerUserId: string | null;

  @Column('text', { name: 'owner_org_id', nullable: true })
  ownerOrgId: string | null;

  @Column('jsonb', { default: {} })
  attributes: Record<string, unknown>;

  @Column('jsonb', { default: {} })
  metadata: Record<string, unknown>;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt: Date;

  @UpdateDateColumn({ name: 'updated_at', type: 'timestamptz' })
  updatedAt: Date;

  @DeleteDateColumn({ name: 'deleted_at', type: 'timestamptz' })
  deletedAt: Date | null;
}
