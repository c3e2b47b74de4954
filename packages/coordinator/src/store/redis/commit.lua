#!lua
-- Appends one batch to the log and brings the records up to date with it. Without flags, so that Redis refuses it up
-- front, and whole, when its memory is full.
--
-- KEYS[1]    head   hash: lineage, epoch (highest acquired), positionEpoch, sequence, batchId (of the last commit)
-- KEYS[2]    log    stream: one entry "<sequence>-0" for each batch, with epoch, previousEpoch, previousSequence, lines
-- KEYS[3-9]  task, body, tail, node, batch, event, cluster: a hash for each kind of record, id -> text
-- ARGV[1]    epoch
-- ARGV[2]    sequence
-- ARGV[3]    epoch of the position that the log must end at
-- ARGV[4]    sequence of the position that the log must end at
-- ARGV[5]    batch id
-- ARGV[6]    lines, joined by line ends, each "+<kind> TAB <id> TAB <text>" (put) or "-<kind> TAB <id> TAB" (delete);
--            applied in order, so the last line of an id decides
--
-- Returns    {"committed"}  also for the batch that was the last one already; then nothing changes
--            {"refused", highest epoch, position epoch, position sequence}; nothing was written
-- Fails      before anything is written when a line is no record or a key holds another type

local head = redis.call('HMGET', KEYS[1], 'epoch', 'positionEpoch', 'sequence', 'batchId')
local epoch, positionEpoch, sequence, batchId = head[1], head[2], head[3], head[4]

if batchId == ARGV[5] and positionEpoch == ARGV[1] and sequence == ARGV[2] then
  -- A WAIT that follows counts what its own connection has written, and this may be another than the first time.
  redis.call('HSET', KEYS[1], 'batchId', batchId)
  return { 'committed' }
end
if epoch ~= ARGV[1] or positionEpoch ~= ARGV[3] or sequence ~= ARGV[4] then
  return { 'refused', epoch or '0', positionEpoch or '0', sequence or '0' }
end

local kinds = { 'task', 'body', 'tail', 'node', 'batch', 'event', 'cluster' }
local keys, puts, deletes = {}, {}, {}
for index, kind in ipairs(kinds) do
  keys[kind], puts[kind], deletes[kind] = KEYS[index + 2], {}, {}
  redis.call('HLEN', KEYS[index + 2]) -- Fails on another type: a write that failed later would leave half a batch.
end

-- By plain finds: patterns look at each byte, which costs more than all the rest.
local lines, find, sub = ARGV[6], string.find, string.sub
local first, size = 1, #ARGV[6]
while first <= size do
  local last = (find(lines, '\n', first, true) or size + 1) - 1
  local afterKind = find(lines, '\t', first, true) or size + 1
  local afterId = find(lines, '\t', afterKind + 1, true) or size + 1
  local operation, kind = sub(lines, first, first), sub(lines, first + 1, afterKind - 1)
  if afterId > last or afterId == afterKind + 1 or not keys[kind] or (operation ~= '+' and operation ~= '-') then
    return redis.error_reply('ERR not a record: ' .. sub(lines, first, math.min(last, first + 79)))
  end
  local id = sub(lines, afterKind + 1, afterId - 1)
  if operation == '+' then
    puts[kind][id], deletes[kind][id] = sub(lines, afterId + 1, last), nil
  else
    puts[kind][id], deletes[kind][id] = nil, true
  end
  first = last + 2
end

-- Even, so that no pair is torn; below what unpack can put on the Lua stack (about 8,000).
local argumentsMax = 4000
local function call(command, key, arguments)
  for first = 1, #arguments, argumentsMax do
    redis.call(command, key, unpack(arguments, first, math.min(first + argumentsMax - 1, #arguments)))
  end
end

-- The log first: its id is the one thing that could still be refused.
redis.call('XADD', KEYS[2], ARGV[2] .. '-0', 'epoch', ARGV[1], 'previousEpoch', ARGV[3], 'previousSequence', ARGV[4],
  'lines', ARGV[6])
redis.call('HSET', KEYS[1], 'positionEpoch', ARGV[1], 'sequence', ARGV[2], 'batchId', ARGV[5])
for _, kind in ipairs(kinds) do
  local pairsOfKind, count = {}, 0
  for id, text in pairs(puts[kind]) do
    pairsOfKind[count + 1], pairsOfKind[count + 2] = id, text
    count = count + 2
  end
  call('HSET', keys[kind], pairsOfKind)
end
for _, kind in ipairs(kinds) do
  local ids = {}
  for id in pairs(deletes[kind]) do
    ids[#ids + 1] = id
  end
  call('HDEL', keys[kind], ids)
end
return { 'committed' }
