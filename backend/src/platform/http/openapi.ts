import type { NestExpressApplication } from '@nestjs/platform-express';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { Problem } from '@auscult/contracts';
import { describeContract } from './contract-schemas.js';
import { PUBLIC_OPERATION } from './public-operation.js';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']> & { [PUBLIC_OPERATION]?: boolean };
const METHODS = ['get', 'post', 'put', 'patch', 'delete', 'head', 'options'] as const;

/** The description of the whole API, from the decorators of its routes and the contracts. */
export function describeApi(app: NestExpressApplication): OpenAPIObject {
  const builder = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Auscult')
    .setDescription('Self-hosted clinical transcription. Errors are problem documents (RFC 9457) with a stable `code`.')
    .setVersion('0.1.0')
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addServer('/', 'This server')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT' }, 'bearer')
    .addSecurityRequirements('bearer');
  const document = SwaggerModule.createDocument(app, builder.build(), {
    operationIdFactory: (controller, method) => operationId(controller, method),
    standardSchemaConverter: describeContract,
  });
  return complete(document);
}

/** Swagger UI at /api/docs, the document at /api/openapi.json; made at the first visit. */
export function serveApiDescription(app: NestExpressApplication): void {
  let document: OpenAPIObject | undefined;
  SwaggerModule.setup('api/docs', app, () => (document ??= describeApi(app)), {
    jsonDocumentUrl: 'api/openapi.json',
    yamlDocumentUrl: 'api/openapi.yaml',
    customSiteTitle: 'Auscult API',
  });
}

/** `RecordingsController.list` is `recordingsList`. */
function operationId(controller: string, method: string): string {
  const noun = controller.replace(/Controller$/, '');
  return noun.charAt(0).toLowerCase() + noun.slice(1) + method.charAt(0).toUpperCase() + method.slice(1);
}

/** Adds what holds for every operation, so that no route has to repeat it: the problems and who may call it. */
function complete(document: OpenAPIObject): OpenAPIObject {
  const problem = describeContract(Problem, { schemaType: 'output' });
  document.components = { ...document.components, schemas: { ...document.components?.schemas, ...(problem?.components as object) } };
  for (const item of Object.values(document.paths)) {
    for (const method of METHODS) {
      const operation = item[method];
      if (operation) completeOperation(operation);
    }
  }
  return document;
}

function completeOperation(operation: Operation): void {
  const isPublic = operation[PUBLIC_OPERATION] === true;
  Reflect.deleteProperty(operation, PUBLIC_OPERATION);
  if (isPublic) operation.security = [];
  const takesInput = operation.requestBody !== undefined || (operation.parameters ?? []).length > 0;
  const responses = operation.responses as Record<string, { description?: string }>;
  if (takesInput) responses['400'] ??= { description: '`request-invalid`: The request is not valid' };
  if (!isPublic) {
    responses['401'] ??= { description: '`sign-in-required` or `session-ended`' };
    responses['403'] ??= { description: '`forbidden`: The role does not allow this' };
  }
  if (!Object.keys(responses).some((status) => status.startsWith('4'))) responses['4XX'] = { description: 'A refusal' };
  if (!operation.summary) operation.summary = summaryOf(responses) ?? operation.operationId;
  responses['default'] ??= { description: 'Any other refusal or fault' };
  for (const [status, response] of Object.entries(responses)) {
    if (/^(default|[45])/.test(status)) Object.assign(response, { content: PROBLEM_CONTENT });
  }
}

/** What comes of an operation says best what it is for, where nobody wrote more. */
function summaryOf(responses: Record<string, { description?: string }>): string | undefined {
  return Object.entries(responses).find(([status, { description }]) => status.startsWith('2') && description)?.[1].description;
}

const PROBLEM_CONTENT = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
