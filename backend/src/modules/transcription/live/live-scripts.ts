import type { Redis, RedisOptions } from 'ioredis';
import { SENT_BY } from './live-keys.js';

/** Keys outlive their last frame by so long at most: what no worker and no deletion removed must not lie in Redis for ever. Longer than the longest time after which a session counts as left (a week). */
const KEPT_SECONDS = 8 * 24 * 3600;

/**
 * KEYS state, audio; ARGV writer, first, frames, sealed, window.
 * With its first sound since it came the sender has put what it kept where that belongs: what it had sent before is not remembered any more.
 * Answers [what, received, stored, from, until]: `again` asks for frames from to until - 1 of this message and no others, because some
 * are known already or lie behind the announced end.
 */
const APPEND = `
local writer = redis.call('HGET', KEYS[1], 'writer')
if not writer then return { 'unknown', 0, 0, 0, 0 } end
local state = redis.call('HMGET', KEYS[1], 'received', 'stored', 'end', 'since', 'sender')
local received, stored = tonumber(state[1]), tonumber(state[2])
if writer ~= ARGV[1] then return { 'replaced', received, stored, 0, 0 } end
local first, frames = tonumber(ARGV[2]), tonumber(ARGV[3])
local last = first + frames
if state[3] then last = math.min(last, tonumber(state[3])) end
if first > received or last <= received or last - stored > tonumber(ARGV[5]) then return { 'taken', received, stored, 0, 0 } end
if first < received or last < first + frames then return { 'again', received, stored, received, last } end
if state[4] == state[1] and state[5] then redis.call('HDEL', KEYS[1], '${SENT_BY}' .. state[5]) end
redis.call('XADD', KEYS[2], (first + 1) .. '-0', 'n', frames, 'a', ARGV[4])
redis.call('HSET', KEYS[1], 'received', last)
redis.call('EXPIRE', KEYS[1], ${KEPT_SECONDS})
redis.call('EXPIRE', KEYS[2], ${KEPT_SECONDS})
return { 'taken', last, stored, 0, 0 }
`;

/**
 * What is durable counts as received: right after Redis was emptied the state may be made of a row that is a moment old, and the sender has
 * frames no more that it was told to be stored since.
 */
const RAISE_RECEIVED = `
local marks = redis.call('HMGET', KEYS[1], 'received', 'stored', 'since')
if tonumber(marks[2]) > tonumber(marks[1]) then
  if marks[3] == marks[1] then redis.call('HSET', KEYS[1], 'since', marks[2]) end
  redis.call('HSET', KEYS[1], 'received', marks[2])
end
`;

/** A state with so many fields has more senders than one person has devices: of further ones it is not remembered what they had sent. */
const MAX_FIELDS = 32;

/**
 * KEYS state, audio; ARGV writer, received, stored, channels, end or '', a new incarnation, sender or '', the sender before it or '', '1' or '' when the session
 * is new, then senders that were replaced and what they had sent, which a new state begins with. While the state lives, numbers only rise. From here on nothing of an older writer is taken, so that what a
 * sender had sent by then is known exactly. That is remembered from when it is replaced until it has come back and sent something more, and not at all when nobody else
 * sent anything; of one that went away again without a word nobody knows whether it has moved what it kept, which it knows itself.
 * `handover`, what had been received by then, stands from a change of the sender (`handover-of`) until the rows are in line with it, however often that is tried; `remade`
 * says that the state is not the session's first. One that is made when the sender changes knows of nothing more than is durable: who had sent more gives it again, since the run that may have read it is taken away.
 */
const BEGIN = `
local function own(sender) return '${SENT_BY}' .. sender end
if redis.call('EXISTS', KEYS[1]) == 0 then
  redis.call('DEL', KEYS[2])
  redis.call('HSET', KEYS[1], 'writer', ARGV[1], 'received', ARGV[2], 'stored', ARGV[3], 'channels', ARGV[4], 'incarnation', ARGV[6], 'sender', ARGV[7], 'since', ARGV[2])
  if ARGV[9] == '' then redis.call('HSET', KEYS[1], 'remade', 1) end
  local changes = ARGV[8] ~= '' and ARGV[8] ~= ARGV[7]
  for at = 10, #ARGV, 2 do
    local sent = tonumber(ARGV[at + 1])
    if changes then sent = math.min(sent, tonumber(ARGV[2])) end
    if ARGV[at] ~= ARGV[7] or ARGV[8] ~= ARGV[7] then redis.call('HSET', KEYS[1], own(ARGV[at]), sent) end
  end
  if changes then redis.call('HSET', KEYS[1], own(ARGV[8]), ARGV[2], 'handover', ARGV[2], 'handover-of', ARGV[8]) end
end
if tonumber(ARGV[3]) > tonumber(redis.call('HGET', KEYS[1], 'stored')) then redis.call('HSET', KEYS[1], 'stored', ARGV[3]) end
${RAISE_RECEIVED}
if tonumber(ARGV[1]) > tonumber(redis.call('HGET', KEYS[1], 'writer')) then
  redis.call('HSET', KEYS[1], 'writer', ARGV[1])
  local now = redis.call('HMGET', KEYS[1], 'received', 'since', 'sender')
  local hasSent = now[1] ~= now[2]
  if now[3] ~= ARGV[7] then
    local isKnown = now[3] and now[3] ~= '' and redis.call('HLEN', KEYS[1]) < ${MAX_FIELDS}
    if isKnown and (hasSent or redis.call('HEXISTS', KEYS[1], own(now[3])) == 0) then redis.call('HSET', KEYS[1], own(now[3]), now[1]) end
    if hasSent or redis.call('HEXISTS', KEYS[1], 'handover') == 0 then redis.call('HSET', KEYS[1], 'handover', now[1], 'handover-of', now[3] or '') end
    redis.call('HSET', KEYS[1], 'sender', ARGV[7], 'since', now[1])
    if redis.call('HGET', KEYS[1], own(ARGV[7])) == now[1] then redis.call('HDEL', KEYS[1], own(ARGV[7])) end
  end
end
if ARGV[5] ~= '' then redis.call('HSET', KEYS[1], 'end', ARGV[5]) end
redis.call('EXPIRE', KEYS[1], ${KEPT_SECONDS})
redis.call('EXPIRE', KEYS[2], ${KEPT_SECONDS})
`;

/**
 * KEYS state, audio; ARGV writer, stored. The rows are in line with who sends now, unless that is a later writer by now.
 * What was durable beyond what had been received at the change was the earlier sender's; the run may have told so in between.
 */
const HANDED_OVER = `
local state = redis.call('HMGET', KEYS[1], 'writer', 'handover', 'stored', 'handover-of')
if state[1] ~= ARGV[1] or not state[2] then return end
local own = '${SENT_BY}' .. (state[4] or '')
if tonumber(ARGV[2]) > tonumber(state[2]) and redis.call('HGET', KEYS[1], own) == state[2] then redis.call('HSET', KEYS[1], own, ARGV[2]) end
if tonumber(ARGV[2]) > tonumber(state[3]) then redis.call('HSET', KEYS[1], 'stored', ARGV[2]) end
${RAISE_RECEIVED}
redis.call('HDEL', KEYS[1], 'handover', 'handover-of')
`;

/** KEYS state, audio; ARGV stored, id of the oldest entry that may still be needed. */
const STORED = `
local before = redis.call('HGET', KEYS[1], 'stored')
if not before then return end
if tonumber(ARGV[1]) > tonumber(before) then redis.call('HSET', KEYS[1], 'stored', ARGV[1]) end
${RAISE_RECEIVED}
redis.call('XTRIM', KEYS[2], 'MINID', ARGV[2])
`;

/**
 * KEYS state, audio; ARGV from, until, who sends or '', then id, frames, sealed of what shall stand instead of the entries that reach over an end of the range.
 * The stream is written anew, so that nothing of what was deleted remains in memory. Answers 0 when an entry reaches over an end and
 * nothing was given for it, or somebody else sends: that came in the meantime, ask again.
 */
const FORGET = `
if (redis.call('HGET', KEYS[1], 'sender') or '') ~= ARGV[3] then return 0 end
local from, until_ = tonumber(ARGV[1]), tonumber(ARGV[2])
local entries = redis.call('XRANGE', KEYS[2], '-', '+')
local kept = {}
local given = {}
for at = 4, #ARGV, 4 do
  given[ARGV[at]] = given[ARGV[at]] or {}
  table.insert(given[ARGV[at]], { ARGV[at + 1], { 'n', ARGV[at + 2], 'a', ARGV[at + 3] } })
end
for _, entry in ipairs(entries) do
  local first = tonumber(string.match(entry[1], '^%d+')) - 1
  local last = first + tonumber(entry[2][2])
  if last <= from or first >= until_ then
    table.insert(kept, entry)
  elseif first < from or last > until_ then
    if not given[entry[1]] then return 0 end
    for _, rest in ipairs(given[entry[1]]) do table.insert(kept, rest) end
  end
end
local left = redis.call('TTL', KEYS[2])
redis.call('DEL', KEYS[2])
for _, entry in ipairs(kept) do redis.call('XADD', KEYS[2], entry[1], unpack(entry[2])) end
if left > 0 then redis.call('EXPIRE', KEYS[2], left) end
return 1
`;

type Text = string | number | Buffer;
type Counted = string | number;

/** The scripts as commands; each takes the keys of state and audio first. */
export interface LiveCommands {
  liveAppend(state: string, audio: string, ...rest: Text[]): Promise<[string, number, number, number, number]>;
  liveBegin(state: string, audio: string, ...rest: Counted[]): Promise<null>;
  liveStored(state: string, audio: string, ...rest: Counted[]): Promise<null>;
  liveForget(state: string, audio: string, ...rest: Text[]): Promise<number>;
  liveHandedOver(state: string, audio: string, ...rest: Counted[]): Promise<null>;
}

export function withLiveCommands(open: (options: RedisOptions) => Redis, options: RedisOptions): Redis & LiveCommands {
  const connection = open(options);
  const scripts = { liveAppend: APPEND, liveBegin: BEGIN, liveStored: STORED, liveForget: FORGET, liveHandedOver: HANDED_OVER };
  for (const [name, lua] of Object.entries(scripts)) connection.defineCommand(name, { numberOfKeys: 2, lua });
  return connection as Redis & LiveCommands;
}
