/**
 * KEYS: all grants, those on demand, since when they are counted, when the next slot's turn is.
 * ARGV: limit and span of all, limit and span of those on demand, milliseconds of a slot, slack, slots, wanted on
 * demand, wanted by sync, the asker's id and its count of grants so far.
 * Returns: granted on demand, granted to sync, milliseconds until it is worth asking again, the time.
 *
 * Where nothing was counted before (a new Redis, FLUSHALL) nothing is known of the last second either, so the
 * first one is waited out. The same when Redis's clock was put back so far that our log lies in the future.
 * Turns spread the slots of all processes over the second; what a stall cost may be made up within a tenth of it.
 */
export const takeSlotsScript = `
local limit, span, urgentLimit, urgentSpan = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local slotMs, slack, slots = tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7])
local wantUrgent, wantSync = tonumber(ARGV[8]), tonumber(ARGV[9])
local owner, made = ARGV[10], tonumber(ARGV[11])
local time = redis.call('TIME')
local exact = time[1] * 1000 + time[2] / 1000
local now = math.floor(exact)

local far = now + 2 * urgentSpan
local since = tonumber(redis.call('GET', KEYS[3]))
local newest = tonumber(redis.call('ZRANGE', KEYS[1], -1, -1, 'WITHSCORES')[2])
if since == nil or since > far or (newest and newest > far) then
  since = now + span + slack
  redis.call('SET', KEYS[3], string.format('%.0f', since))
  redis.call('DEL', KEYS[1], KEYS[2])
end
if now < since then return { 0, 0, since - now, now } end

local function free(key, most, width)
  redis.call('ZREMRANGEBYSCORE', key, '-inf', string.format('%.0f', now - width))
  return math.max(0, most - redis.call('ZCARD', key))
end
local function waitFor(key, width)
  local oldest = redis.call('ZRANGE', key, 0, 0, 'WITHSCORES')[2]
  return oldest and math.max(1, tonumber(oldest) + width - now) or 0
end

local turn = math.max(tonumber(redis.call('GET', KEYS[4])) or 0, exact - math.max(100, slotMs))
if turn > exact + span then turn = exact end
local turns = turn > exact and 0 or math.floor((exact - turn) / slotMs) + 1

local left = math.min(slots, turns, free(KEYS[1], limit, span))
local urgent = math.min(wantUrgent, left, free(KEYS[2], urgentLimit, urgentSpan))
local sync = math.min(wantSync, left - urgent)
local score = string.format('%.0f', now + slack + 1)
for i = 0, urgent + sync - 1 do
  local id = owner .. ':' .. string.format('%.0f', made + i)
  redis.call('ZADD', KEYS[1], score, id)
  if i < urgent then redis.call('ZADD', KEYS[2], score, id) end
end
if urgent + sync > 0 then
  turn = turn + (urgent + sync) * slotMs
  redis.call('SET', KEYS[4], string.format('%.3f', turn), 'PX', 10 * urgentSpan)
  redis.call('PEXPIRE', KEYS[1], 10 * urgentSpan)
  redis.call('PEXPIRE', KEYS[2], 10 * urgentSpan)
end
local full = redis.call('ZCARD', KEYS[1]) >= limit
local wait = full and waitFor(KEYS[1], span) or turns == 0 and 0 or waitFor(KEYS[2], urgentSpan)
return { urgent, sync, math.max(wait, math.ceil(turn - exact)), now }
`;
