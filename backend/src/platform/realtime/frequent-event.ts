import { type ClientEventAnswer, type ClientEventName, type ClientEventPayload, clientEvents } from '@auscult/contracts';
import type { Socket } from 'socket.io';
import type { ZodType } from 'zod';
import { parseContract } from '../http/index.js';
import { acknowledge, refuse } from './socket-problem.filter.js';

/**
 * Answers an event of this socket without a gateway, whose guards, pipes and interceptors cost more than to seal and append a message of sound. Call it where the
 * socket has been found to be allowed to send the event; before, whoever sends it hears `not-found`. `handle` has no entity manager.
 */
export function onFrequentEvent<E extends ClientEventName>(socket: Socket, event: E, handle: (payload: ClientEventPayload<E>) => Promise<ClientEventAnswer<E>>): void {
  const contract = clientEvents[event] as unknown as ZodType<ClientEventPayload<E>>;
  const answer = async (args: readonly unknown[]) => acknowledge(args, await handle(parseContract(contract, args[0])));
  const name: string = event;
  socket.on(name, (...args: unknown[]) => void answer(args).catch((error: unknown) => refuse(name, error, args)));
}
