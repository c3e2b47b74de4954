// Original file: ../../proto/holdfast/v1/task.proto


export interface GetTaskRequest {
  'namespace'?: (string);
  'taskId'?: (string);
  'minRevision'?: (string);
}

export interface GetTaskRequest__Output {
  'namespace'?: (string);
  'taskId'?: (string);
  'minRevision'?: (string);
}
