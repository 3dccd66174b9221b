-- Grant one call now, or say how long to wait: a log of the last minute's calls, shared by all workers.
-- KEYS: calls (a sorted set: member "moment-number:tokens", score the moment in microseconds), pause
-- ARGV: requests per second, tokens per minute (0: no limit), tokens of this call, requests per minute (as tokens)
-- Gives {moment of the grant in microseconds, 0} or {0, microseconds to wait}.
local SECOND, MINUTE = 1000000, 60000000
local clock = redis.call('TIME')
local now = tonumber(clock[1]) * SECOND + tonumber(clock[2])
local per_second, per_minute, tokens = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local requests_per_minute = tonumber(ARGV[4])

local paused = redis.call('PTTL', KEYS[2])
if paused > 0 then return {0, paused * 1000} end

redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', now - MINUTE))
local calls = redis.call('ZRANGE', KEYS[1], 0, -1, 'WITHSCORES')
local count = #calls / 2

if count >= per_second then
  local oldest = tonumber(calls[2 * (count - per_second) + 2])
  if oldest + SECOND >= now then return {0, oldest + SECOND - now + 1} end
end

if requests_per_minute > 0 and count >= requests_per_minute then
  return {0, tonumber(calls[2 * (count - requests_per_minute) + 2]) + MINUTE - now + 1}
end

if per_minute > 0 then
  local used = 0
  for i = 1, count do used = used + tonumber(string.match(calls[2 * i - 1], ':(%d+)$')) end
  for i = 1, count do
    if used == 0 or used + tokens <= per_minute then break end
    used = used - tonumber(string.match(calls[2 * i - 1], ':(%d+)$'))
    if used == 0 or used + tokens <= per_minute then
      return {0, tonumber(calls[2 * i]) + MINUTE - now + 1}
    end
  end
end

redis.call('ZADD', KEYS[1], string.format('%.0f', now), string.format('%.0f-%d:%d', now, count, tokens))
redis.call('PEXPIRE', KEYS[1], 61000)
return {now, 0}
