-- Take one request from a quota: the generic cell rate algorithm (ITU-T I.371), on the server's clock.
-- KEYS: the moment in microseconds at which the quota would be whole again
-- ARGV: requests per minute, which is also how many may come at once
-- Gives {1 or 0, requests left, microseconds until whole, microseconds until the next is granted}.
local MINUTE = 60000000
local clock = redis.call('TIME')
local now = tonumber(clock[1]) * 1000000 + tonumber(clock[2])
local limit = tonumber(ARGV[1])
local step = math.floor(MINUTE / limit)

local whole = math.max(tonumber(redis.call('GET', KEYS[1]) or now), now)
local after = whole + step
local due = after - limit * step
if due > now then return {0, 0, whole - now, due - now} end

redis.call('SET', KEYS[1], string.format('%.0f', after), 'PX', math.ceil((after - now) / 1000))
return {1, math.floor((now - due) / step), after - now, 0}
