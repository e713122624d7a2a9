import { randomBytes } from 'node:crypto';
import { Client } from 'pg';

/** A database of one's own on a server whose user may create databases: that of TEST_DATABASE_URL, unless a test has its own. */
export interface TestDatabase {
  url: string;
  /** Also throws out whoever is still connected. */
  drop(): Promise<void>;
}

export async function createTestDatabase(server = required('TEST_DATABASE_URL')): Promise<TestDatabase> {
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
