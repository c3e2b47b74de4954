// Original file: ../../proto/holdfast/v1/task.proto


export interface CancelTasksResponse {
  'revision'?: (string);
  'affected'?: (number);
  'more'?: (boolean);
}

export interface CancelTasksResponse__Output {
  'revision'?: (string);
  'affected'?: (number);
  'more'?: (boolean);
}
