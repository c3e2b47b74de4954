#!lua flags=allow-oom
-- Drops the oldest log entries beyond a number, a bounded count of them in one call.
--
-- KEYS[1]  head  hash with the field epoch (highest acquired)
-- KEYS[2]  log   stream, one entry for each batch
-- ARGV[1]  epoch
-- ARGV[2]  how many entries to keep
-- ARGV[3]  how many entries to drop at most
--
-- Returns  how many entries beyond the number are left: call again. 0 also, and nothing dropped, when another epoch
--          leads.

if redis.call('HGET', KEYS[1], 'epoch') ~= ARGV[1] then
  return 0
end
local length = redis.call('XLEN', KEYS[2])
local excess = length - tonumber(ARGV[2])
if excess <= 0 then
  return 0
end
local drop = math.min(excess, tonumber(ARGV[3]))
redis.call('XTRIM', KEYS[2], 'MAXLEN', '=', length - drop)
return excess - drop
