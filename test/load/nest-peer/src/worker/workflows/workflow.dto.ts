import { IsNotEmpty, IsString, Length } from 'class-validator';

export class CreateWorkflowDto {
  @IsString()
  @Length(1, 200)
  name: string;

  @IsNotEmpty()
  buildingId: string | number;
}
