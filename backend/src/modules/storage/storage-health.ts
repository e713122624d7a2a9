import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HealthRegistry } from '../../platform/observability/index.js';
import { ObjectStore } from './object-store.js';

/** Part `storage` of /health/ready: up while objects can be written. */
@Injectable()
export class StorageHealth implements OnModuleInit {
  constructor(
    private readonly registry: HealthRegistry,
    private readonly store: ObjectStore,
  ) {}

  onModuleInit(): void {
    this.registry.register('storage', () => this.store.probe());
  }
}
