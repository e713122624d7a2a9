import { TestBed } from '@angular/core/testing';
import { UnreachableError } from '@auscult/client';
import { AUSCULT_CLIENT } from '../../core/auscult-client.token';
import { Session } from '../../core/session';
import { FakeNetwork, type Answer } from './fake-network';
import type { TransferEvents } from './transfers';
import { TusTransfers } from './tus-transfers';

// Node's own build, which jest would take, sends no files.
jest.mock('tus-js-client', () => jest.requireActual<object>('tus-js-client/lib.es5/browser/index.js'));

const ADDRESS = 'http://server.example/api/uploads/a';
const problem = { 'Content-Type': 'application/problem+json; charset=utf-8' };
const offset = (bytes: number) => ({ 'Upload-Offset': String(bytes), 'Upload-Length': '10' });

describe('TusTransfers', () => {
  let network: FakeNetwork;
  let answers: Record<string, Answer[]>;

  beforeEach(() => {
    network = new FakeNetwork((request) => {
      const [next = { status: 400 }] = answers[request]?.splice(0, 1) ?? [];
      return next;
    });
    TestBed.configureTestingModule({
      providers: [
        TusTransfers,
        { provide: AUSCULT_CLIENT, useValue: { uploadsEndpoint: 'http://server.example/api/uploads' } },
        { provide: Session, useValue: { current: () => Promise.resolve('token'), refresh: () => Promise.resolve('token'), user: () => ({ id: 'ann' }) } },
      ],
    });
  });
  afterEach(() => network.restore());

  /** How it ended. */
  function send(url: string | null): Promise<[string, unknown]> {
    return new Promise((resolve) => {
      const events: TransferEvents = {
        created: () => undefined,
        progress: () => undefined,
        interrupted: () => undefined,
        done: (id) => resolve(['done', id]),
        gone: () => resolve(['gone', undefined]),
        failed: (error) => resolve(['failed', error]),
      };
      const file = new File([new Uint8Array(10)], 'a.wav', { type: 'audio/wav' });
      void TestBed.inject(TusTransfers).begin({ file, name: 'a.wav', type: 'audio/wav', url, events });
    });
  }

  const created: Answer = { status: 201, headers: { Location: '/api/uploads/a' } };

  it('makes an upload, sends it and says what it became', async () => {
    answers = { 'POST http://server.example/api/uploads': [created], [`PATCH ${ADDRESS}`]: [{ status: 204, headers: offset(10) }] };
    expect(await send(null)).toEqual(['done', 'a']);
  });

  it('sends nothing anew by itself when the server does not know the address any more', async () => {
    answers = { [`HEAD ${ADDRESS}`]: [{ status: 404, headers: problem }] };
    expect(await send(ADDRESS)).toEqual(['gone', undefined]);
    expect(network.asked).toEqual([`HEAD ${ADDRESS}`]);
  });

  it('nor when that comes out while it is being sent', async () => {
    answers = {
      'POST http://server.example/api/uploads': [created],
      [`PATCH ${ADDRESS}`]: [null],
      [`HEAD ${ADDRESS}`]: [{ status: 404, headers: problem }],
    };
    expect(await send(null)).toEqual(['gone', undefined]);
    expect(network.asked).toEqual(['POST http://server.example/api/uploads', `PATCH ${ADDRESS}`, `HEAD ${ADDRESS}`]);
  });

  it('can be tried again after an answer that a proxy gave in the place of the server', async () => {
    answers = { [`HEAD ${ADDRESS}`]: [{ status: 404, headers: { 'Content-Type': 'text/plain' } }] };
    expect(await send(ADDRESS)).toEqual(['failed', expect.any(UnreachableError)]);
    expect(network.asked).toEqual([`HEAD ${ADDRESS}`]);
  });

  it('goes on where it was after answers that say nothing of the upload', async () => {
    answers = { [`HEAD ${ADDRESS}`]: [{ status: 503, headers: problem }, { status: 200, headers: offset(4) }], [`PATCH ${ADDRESS}`]: [{ status: 204, headers: offset(10) }] };
    expect(await send(ADDRESS)).toEqual(['done', 'a']);
    expect(network.asked).toEqual([`HEAD ${ADDRESS}`, `HEAD ${ADDRESS}`, `PATCH ${ADDRESS}`]);
  });
});
