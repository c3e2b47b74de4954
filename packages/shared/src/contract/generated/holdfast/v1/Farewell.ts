// Original file: ../../proto/holdfast/v1/agent.proto


export interface Farewell {
  'returning'?: (boolean);
  'reason'?: (string);
}

export interface Farewell__Output {
  'returning'?: (boolean);
  'reason'?: (string);
}
