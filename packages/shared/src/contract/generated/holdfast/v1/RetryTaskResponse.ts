// Original file: ../../proto/holdfast/v1/task.proto


export interface RetryTaskResponse {
  'taskId'?: (string);
  'revision'?: (string);
}

export interface RetryTaskResponse__Output {
  'taskId'?: (string);
  'revision'?: (string);
}
