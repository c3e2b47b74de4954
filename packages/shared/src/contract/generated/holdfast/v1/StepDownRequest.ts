// Original file: ../../proto/holdfast/v1/cluster.proto


export interface StepDownRequest {
  'reason'?: (string);
}

export interface StepDownRequest__Output {
  'reason'?: (string);
}
