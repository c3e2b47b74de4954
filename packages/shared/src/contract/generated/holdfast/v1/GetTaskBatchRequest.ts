// Original file: ../../proto/holdfast/v1/task.proto


export interface GetTaskBatchRequest {
  'namespace'?: (string);
  'batchId'?: (string);
  'minRevision'?: (string);
}

export interface GetTaskBatchRequest__Output {
  'namespace'?: (string);
  'batchId'?: (string);
  'minRevision'?: (string);
}
