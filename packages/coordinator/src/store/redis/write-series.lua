#!lua
-- Writes what was measured of a node in one step into the chunk that holds its stretch of time. A chunk is a string of rows,
-- one a step; a row has a cell for each column, and a column belongs to one series of the node. A series for which there is no
-- column left is not kept.
--
-- KEYS[1]  columns  hash: name of a series -> "<column>:<day>", the day being the last on which it was written
-- KEYS[2]  chunk    string of `rows` rows, which expires
-- ARGV[1]  row, from 0
-- ARGV[2]  rows of a chunk
-- ARGV[3]  columns of a row
-- ARGV[4]  bytes of a cell
-- ARGV[5]  Unix time at which the chunk expires, in milliseconds
-- ARGV[6]  today, in days since 1970
-- ARGV[7]  a column that was not written for more than so many days may be given to another series
-- ARGV[8…] name of a series, and its cell, in turn

local row, rows, columns, size = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local today, idleDays = tonumber(ARGV[6]), tonumber(ARGV[7])

local columnOf, dayOf, nameAt = {}, {}, {}
local known = redis.call('HGETALL', KEYS[1])
for index = 1, #known, 2 do
  local column, day = string.match(known[index + 1], '^(%d+):(%d+)$')
  columnOf[known[index]], dayOf[known[index]] = tonumber(column), tonumber(day)
  nameAt[tonumber(column)] = known[index]
end

-- A column that nobody has, or one whose series has gone for so long that no chunk holds it any more.
local function freeColumn()
  for column = 0, columns - 1 do
    local name = nameAt[column]
    if name == nil or today - dayOf[name] > idleDays then
      return column, name
    end
  end
end

local nothing = string.rep('\255', size)
local cells, changed = {}, {}
for column = 1, columns do
  cells[column] = nothing
end
for index = 8, #ARGV, 2 do
  local name, cell = ARGV[index], ARGV[index + 1]
  local column = columnOf[name]
  if column == nil then
    local former
    column, former = freeColumn()
    if former ~= nil then
      redis.call('HDEL', KEYS[1], former)
      columnOf[former] = nil
    end
  end
  if column ~= nil and column < columns then
    cells[column + 1] = cell
    if dayOf[name] ~= today then
      changed[#changed + 1], changed[#changed + 2] = name, column .. ':' .. today
    end
    columnOf[name], dayOf[name], nameAt[column] = column, today, name
  end
end

if #changed > 0 then
  redis.call('HSET', KEYS[1], unpack(changed))
  redis.call('PEXPIREAT', KEYS[1], (today + idleDays + 1) * 86400000)
end
-- Whole at once: a string that grows is given twice the room that it needs.
if redis.call('EXISTS', KEYS[2]) == 0 then
  redis.call('SET', KEYS[2], string.rep(nothing, columns * rows), 'PXAT', ARGV[5])
end
redis.call('SETRANGE', KEYS[2], row * columns * size, table.concat(cells))
