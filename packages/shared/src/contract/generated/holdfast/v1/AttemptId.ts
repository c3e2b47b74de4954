// Original file: ../../proto/holdfast/v1/agent.proto


export interface AttemptId {
  'taskId'?: (string);
  'attempt'?: (number);
}

export interface AttemptId__Output {
  'taskId'?: (string);
  'attempt'?: (number);
}
