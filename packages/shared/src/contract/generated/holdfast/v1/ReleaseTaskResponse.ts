// Original file: ../../proto/holdfast/v1/task.proto


export interface ReleaseTaskResponse {
  'revision'?: (string);
}

export interface ReleaseTaskResponse__Output {
  'revision'?: (string);
}
