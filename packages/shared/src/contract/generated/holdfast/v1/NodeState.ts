// Original file: ../../proto/holdfast/v1/node.proto

export const NodeState = {
  NODE_STATE_UNSPECIFIED: 'NODE_STATE_UNSPECIFIED',
  NODE_STATE_READY: 'NODE_STATE_READY',
  NODE_STATE_SUSPECT: 'NODE_STATE_SUSPECT',
  NODE_STATE_LOST: 'NODE_STATE_LOST',
  NODE_STATE_AWAY: 'NODE_STATE_AWAY',
  NODE_STATE_CUT_OFF: 'NODE_STATE_CUT_OFF',
} as const;

export type NodeState =
  | 'NODE_STATE_UNSPECIFIED'
  | 0
  | 'NODE_STATE_READY'
  | 1
  | 'NODE_STATE_SUSPECT'
  | 2
  | 'NODE_STATE_LOST'
  | 3
  | 'NODE_STATE_AWAY'
  | 4
  | 'NODE_STATE_CUT_OFF'
  | 5

export type NodeState__Output = typeof NodeState[keyof typeof NodeState]
