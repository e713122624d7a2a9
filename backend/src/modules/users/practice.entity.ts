import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';

/** A clinic or an office: the wall between people who may know of each other and people who may not. */
@Entity({ tableName: 'practice' })
export class Practice {
  @PrimaryKey({ type: 'uuid' })
  id!: string;

  @Property({ type: 'string', length: 200 })
  name!: string;

  @Property({ type: 'datetime' })
  createdAt!: Date;
}
