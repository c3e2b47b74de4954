// Original file: ../../proto/holdfast/v1/task.proto


export interface SubmitTaskResponse {
  'taskId'?: (string);
  'revision'?: (string);
}

export interface SubmitTaskResponse__Output {
  'taskId'?: (string);
  'revision'?: (string);
}
