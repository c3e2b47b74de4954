#!lua flags=allow-oom
-- Takes the lease for a new epoch, when it is free, expired, or of a holder that is known to be dead. From then on no
-- older epoch can commit.
--
-- KEYS[1]  lease  string "<epoch> TAB <holder id> TAB <holder address>", which expires with the lease
-- KEYS[2]  head   hash: lineage, epoch (highest acquired), positionEpoch, sequence, batchId (of the last commit)
-- ARGV[1]  epoch to lead with
-- ARGV[2]  holder id
-- ARGV[3]  holder address
-- ARGV[4]  time to live, ms
-- ARGV[5]  epoch whose lease may be taken over although it has not expired; "" for none
-- ARGV[6]  lineage of the log to begin when there is none; "" for none
--
-- Returns  {"acquired", lineage, position epoch, position sequence, id of this server}
--          {"held", lease}
--          {"epochTooLow", highest epoch}
--          {"empty"}
-- The server's id is its run id and that of its replication: a primary that becomes a replica copies another server, gives up
-- what that does not have, and comes back as the same process, but with another history to replicate. "": it shows none.
-- The same epoch and holder, repeated while the lease stands, renews it and gets the same answer.

local epoch, holder = ARGV[1], ARGV[2]
local runId = string.match(redis.call('INFO', 'server'), 'run_id:(%x+)')
local replicationId = string.match(redis.call('INFO', 'replication'), 'master_replid:(%x+)')
local serverId = runId and replicationId and (runId .. '.' .. replicationId) or ''
local lease = redis.call('GET', KEYS[1])
local head = redis.call('HMGET', KEYS[2], 'lineage', 'epoch', 'positionEpoch', 'sequence')
local lineage, highest, positionEpoch, sequence = head[1], head[2], head[3], head[4]

local leaseEpoch, leaseHolder
if lease then
  leaseEpoch, leaseHolder = string.match(lease, '^(%d+)\t([^\t]*)\t')
end

local isRepeat = leaseEpoch == epoch and leaseHolder == holder and highest == epoch
if not isRepeat then
  if lease and leaseEpoch ~= ARGV[5] then
    return { 'held', lease }
  end
  if not lineage and ARGV[6] == '' then
    return { 'empty' }
  end
  if lineage and tonumber(epoch) <= tonumber(highest) then
    return { 'epochTooLow', highest }
  end
end

if lineage then
  redis.call('HSET', KEYS[2], 'epoch', epoch)
else
  lineage, positionEpoch, sequence = ARGV[6], '0', '0'
  redis.call('HSET', KEYS[2], 'lineage', lineage, 'epoch', epoch, 'positionEpoch', '0', 'sequence', '0', 'batchId', '')
end
redis.call('SET', KEYS[1], epoch .. '\t' .. holder .. '\t' .. ARGV[3], 'PX', ARGV[4])
return { 'acquired', lineage, positionEpoch, sequence, serverId }
