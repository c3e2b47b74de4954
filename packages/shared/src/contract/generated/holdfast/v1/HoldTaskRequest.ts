// Original file: ../../proto/holdfast/v1/task.proto


export interface HoldTaskRequest {
  'namespace'?: (string);
  'taskId'?: (string);
}

export interface HoldTaskRequest__Output {
  'namespace'?: (string);
  'taskId'?: (string);
}
