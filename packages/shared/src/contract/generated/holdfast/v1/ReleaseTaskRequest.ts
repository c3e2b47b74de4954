// Original file: ../../proto/holdfast/v1/task.proto


export interface ReleaseTaskRequest {
  'namespace'?: (string);
  'taskId'?: (string);
}

export interface ReleaseTaskRequest__Output {
  'namespace'?: (string);
  'taskId'?: (string);
}
