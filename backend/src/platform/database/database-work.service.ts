import { MikroORM, RequestContext } from '@mikro-orm/core';
import { Injectable } from '@nestjs/common';
import { HealthRegistry } from '../observability/index.js';

/** Gives work that does not come through HTTP (a job, a socket event, a timer) an entity manager of its own. */
@Injectable()
export class DatabaseWork {
  constructor(
    private readonly orm: MikroORM,
    health: HealthRegistry,
  ) {
    health.register('database', async () => {
      await this.orm.driver.getConnection().execute('select 1');
    });
  }

  run<T>(work: () => Promise<T>): Promise<T> {
    return RequestContext.create(this.orm.em, work);
  }
}
