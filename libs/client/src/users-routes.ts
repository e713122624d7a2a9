import type { CreateUserBody, UserPage, UserView } from '@auscult/contracts';
import type { RequestOptions, Transport } from './transport.js';

export interface PageRequest {
  /** From 1. */
  page?: number;
  pageSize?: number;
}

export class UsersRoutes {
  constructor(private readonly transport: Transport) {}

  /** The people of the admin's practice. */
  list(query: PageRequest = {}, options?: RequestOptions): Promise<UserPage> {
    return this.transport.json('UserPage', { method: 'GET', path: '/users', query: { ...query }, ...options });
  }

  create(body: CreateUserBody): Promise<UserView> {
    return this.transport.json('UserView', { method: 'POST', path: '/users', body });
  }
}
