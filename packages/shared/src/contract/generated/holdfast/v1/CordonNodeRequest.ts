// Original file: ../../proto/holdfast/v1/node.proto


export interface CordonNodeRequest {
  'nodeId'?: (string);
  'reason'?: (string);
}

export interface CordonNodeRequest__Output {
  'nodeId'?: (string);
  'reason'?: (string);
}
