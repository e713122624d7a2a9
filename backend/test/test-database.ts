import { randomBytes } from 'node:crypto';
import { Client } from 'pg';

/** A database of one's own on the server of TEST_DATABASE_URL (whose user may create databases). */
export interface TestDatabase {
  url: string;
  /** Also throws out whoever is still connected. */
  drop(): Promise<void>;
}

export async function createTestDatabase(): Promise<TestDatabase> {
  const server = required('TEST_DATABASE_URL');
  const name = `test_${process.pid}_${randomBytes(4).toString('hex')}`;
  await execute(server, `create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => execute(server, `drop database if exists ${name} with (force)`) };
}

async function execute(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

export function required(variable: string): string {
  const value = process.env[variable];
  if (!value) throw new Error(`Set ${variable} to run these tests`);
  return value;
}
