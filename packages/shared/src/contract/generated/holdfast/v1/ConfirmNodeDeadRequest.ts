// Original file: ../../proto/holdfast/v1/node.proto


export interface ConfirmNodeDeadRequest {
  'nodeId'?: (string);
  'confirmNodeId'?: (string);
  'reason'?: (string);
}

export interface ConfirmNodeDeadRequest__Output {
  'nodeId'?: (string);
  'confirmNodeId'?: (string);
  'reason'?: (string);
}
