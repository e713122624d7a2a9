// docs/asyncapi.yaml: the live channel in both directions, from the contracts. `node ops/docs/asyncapi.mjs` writes it anew.
import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { Problem, clientAnswers, clientEvents, serverEvents } from '../../libs/contracts/dist/index.js';
import { toYaml } from './yaml.mjs';

const file = new URL('../../docs/asyncapi.yaml', import.meta.url);

const description = `Socket.IO 4 on the namespace /, path /socket.io. The handshake carries the access token as \`auth: { token }\`; a refused one
gets \`connect_error\` with a problem as data. Every event from a client is acknowledged: with its answer, or with
\`{ ok: false, problem }\`.

A live session: \`live:open\` with an id of the sender's choice, then \`live:audio\` from \`received\` on, at most 8 frames a message and
1,200 frames ahead of \`stored\`, then \`live:finish\`. A frame is 100 ms: 1,600 16-bit little-endian samples of each channel, interleaved,
16 kHz; frame n holds the samples from n * 1600 on. A sender keeps each frame until it is stored; after any interruption it opens the
session again and goes on from what that answers. What was received may have to be sent again, what was stored never.

Events from the server are notifications and may be lost: after each connection, read the rows again by the REST API. Those of one recording
reach who watches it (\`transcript:watch\`).`;

/** The colon of an event's name may not stand in a key. */
const keyOf = (event) => event.replace(':', '.');
const messageRef = (key) => ({ $ref: `#/channels/sockets/messages/${key}` });

function schemaOf(schema, io) {
  const { $schema: _, ...json } = z.toJSONSchema(schema, {
    target: 'draft-7', io, unrepresentable: 'any',
    // The only custom schema of the channel is sound, which Socket.IO carries as a binary attachment.
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema._zod.def.type === 'custom') Object.assign(jsonSchema, { type: 'string', format: 'binary' });
    },
  });
  return json;
}

const message = (name, title, payload) => ({ name, title, payload });

function messagesOf() {
  const refusal = z.object({ ok: z.literal(false), problem: Problem });
  const messages = {
    acknowledged: message('acknowledged', 'Done', schemaOf(z.object({ ok: z.literal(true) }), 'output')),
    refused: message('refused', 'The server did not do it', schemaOf(refusal, 'output')),
  };
  for (const [event, schema] of Object.entries(clientEvents)) messages[keyOf(event)] = message(event, `${event}, from a client`, schemaOf(schema, 'input'));
  for (const [event, schema] of Object.entries(clientAnswers)) messages[`${keyOf(event)}.answer`] = message(`${event} answer`, `What acknowledges ${event}`, schemaOf(schema, 'output'));
  for (const [event, schema] of Object.entries(serverEvents)) messages[keyOf(event)] = message(event, `${event}, from the server`, schemaOf(schema, 'output'));
  return messages;
}

function operationsOf() {
  const channel = { $ref: '#/channels/sockets' };
  const received = Object.keys(clientEvents).map((event) => {
    const answer = event in clientAnswers ? `${keyOf(event)}.answer` : 'acknowledged';
    return [keyOf(event), { action: 'receive', channel, messages: [messageRef(keyOf(event))], reply: { channel, messages: [messageRef(answer), messageRef('refused')] } }];
  });
  const sent = Object.keys(serverEvents).map((event) => [keyOf(event), { action: 'send', channel, messages: [messageRef(keyOf(event))] }]);
  return Object.fromEntries([...received, ...sent]);
}

/** The whole document, as an object. */
export function asyncApi() {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  const messages = messagesOf();
  return {
    asyncapi: '3.0.0',
    info: { title: 'Auscult live channel', version, description, license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' } },
    defaultContentType: 'application/json',
    servers: { auscult: { host: 'auscult.example', pathname: '/socket.io', protocol: 'wss', description: 'Your own server' } },
    channels: {
      sockets: {
        address: '/',
        description: 'The one namespace. Described from the server: it receives what clients say and sends what they hear.',
        servers: [{ $ref: '#/servers/auscult' }],
        messages: Object.fromEntries(Object.keys(messages).map((key) => [key, { $ref: `#/components/messages/${key}` }])),
      },
    },
    operations: operationsOf(),
    components: { messages },
  };
}

export const asyncApiText = () => `# Made from libs/contracts by: node ops/docs/asyncapi.mjs\n${toYaml(asyncApi())}`;
export const committedText = () => readFileSync(file, 'utf8');

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) writeFileSync(file, asyncApiText());
