// Original file: ../../proto/holdfast/v1/cluster.proto


export interface StepDownResponse {
  'coordinatorId'?: (string);
}

export interface StepDownResponse__Output {
  'coordinatorId'?: (string);
}
