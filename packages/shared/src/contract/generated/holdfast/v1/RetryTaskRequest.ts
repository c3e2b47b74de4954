// Original file: ../../proto/holdfast/v1/task.proto


export interface RetryTaskRequest {
  'namespace'?: (string);
  'taskId'?: (string);
  'requestId'?: (string);
}

export interface RetryTaskRequest__Output {
  'namespace'?: (string);
  'taskId'?: (string);
  'requestId'?: (string);
}
