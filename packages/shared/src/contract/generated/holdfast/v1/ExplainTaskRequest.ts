// Original file: ../../proto/holdfast/v1/task.proto


export interface ExplainTaskRequest {
  'namespace'?: (string);
  'taskId'?: (string);
}

export interface ExplainTaskRequest__Output {
  'namespace'?: (string);
  'taskId'?: (string);
}
