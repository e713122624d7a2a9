import * as contracts from '@auscult/contracts';
import { z } from 'zod';

type Direction = 'input' | 'output';
interface Converted {
  schema: unknown;
  components: Record<string, unknown>;
}

/** Every schema of the contracts under its exported name, so that a generated client has a type of that name. */
const named = z.registry<{ id: string }>();
const names = new Map<unknown, string>();
for (const [name, value] of Object.entries(contracts)) {
  if (!(value instanceof z.ZodType) || names.has(value)) continue;
  names.set(value, name);
  named.add(value, { id: name });
}

const documents: Partial<Record<Direction, Record<string, z.core.JSONSchema.BaseSchema>>> = {};

function componentsOf(direction: Direction): Record<string, z.core.JSONSchema.BaseSchema> {
  documents[direction] ??= z.toJSONSchema(named, {
    target: 'draft-2020-12',
    io: direction,
    unrepresentable: 'any',
    uri: (id) => `#/components/schemas/${id}`,
  }).schemas;
  return documents[direction];
}

/**
 * Describes one schema for OpenAPI 3.1, whose schemas are JSON Schema 2020-12. Objects of the contracts become named
 * components; anything else (the parts of a query, a path) is written out where it stands.
 */
export function describeContract(schema: unknown, options: { schemaType: Direction }): Converted | undefined {
  if (!(schema instanceof z.ZodType)) return undefined;
  const name = names.get(schema);
  const isParameters = name !== undefined && /(Query|Params)$/.test(name);
  if (name === undefined || isParameters) {
    return { schema: z.toJSONSchema(schema, { target: 'draft-2020-12', io: options.schemaType, unrepresentable: 'any' }), components: {} };
  }
  return { schema: { $ref: `#/components/schemas/${name}` }, components: reachable(name, componentsOf(options.schemaType)) };
}

function reachable(name: string, all: Record<string, z.core.JSONSchema.BaseSchema>): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  const visit = (id: string): void => {
    if (id in found) return;
    const { $schema: _schema, $id: _id, ...schema } = all[id] ?? {};
    found[id] = schema;
    for (const [, reference] of JSON.stringify(schema).matchAll(/"#\/components\/schemas\/(\w+)"/g)) if (reference) visit(reference);
  };
  visit(name);
  return found;
}
