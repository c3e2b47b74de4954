#!lua flags=allow-oom
-- Enters a coordinator into the list of those that live, and strikes those off whose time has run out.
--
-- KEYS[1]  coordinators  hash: id -> "<Unix time in ms until which it counts> TAB <entry as JSON>"
-- ARGV[1]  coordinator id
-- ARGV[2]  entry as JSON
-- ARGV[3]  time to live from now, ms
--
-- Returns  1

local time = redis.call('TIME')
local nowMs = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local gone = {}
local entries = redis.call('HGETALL', KEYS[1])
for index = 1, #entries, 2 do
  local untilMs = tonumber(string.match(entries[index + 1], '^%d+')) or 0
  if untilMs <= nowMs and entries[index] ~= ARGV[1] then
    gone[#gone + 1] = entries[index]
  end
end

redis.call('HSET', KEYS[1], ARGV[1], string.format('%.0f', nowMs + tonumber(ARGV[3])) .. '\t' .. ARGV[2])
for _, id in ipairs(gone) do
  redis.call('HDEL', KEYS[1], id)
end
return 1
