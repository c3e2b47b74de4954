// Original file: ../../proto/holdfast/v1/task.proto


export interface SubmitTaskError {
  'index'?: (number);
  'field'?: (string);
  'message'?: (string);
}

export interface SubmitTaskError__Output {
  'index'?: (number);
  'field'?: (string);
  'message'?: (string);
}
