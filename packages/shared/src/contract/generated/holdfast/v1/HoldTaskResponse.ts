// Original file: ../../proto/holdfast/v1/task.proto


export interface HoldTaskResponse {
  'revision'?: (string);
}

export interface HoldTaskResponse__Output {
  'revision'?: (string);
}
