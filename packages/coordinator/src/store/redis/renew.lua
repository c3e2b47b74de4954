#!lua flags=allow-oom
-- Lets the lease of an epoch live on, if it is still that epoch's.
--
-- KEYS[1]  lease  string "<epoch> TAB <holder id> TAB <holder address>", which expires with the lease
-- ARGV[1]  epoch
-- ARGV[2]  time to live from now, ms
--
-- Returns  1 renewed, 0 the lease is not (or no longer) this epoch's

local lease = redis.call('GET', KEYS[1])
if not lease or string.match(lease, '^%d+') ~= ARGV[1] then
  return 0
end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])
