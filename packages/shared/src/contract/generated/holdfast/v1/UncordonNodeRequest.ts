// Original file: ../../proto/holdfast/v1/node.proto


export interface UncordonNodeRequest {
  'nodeId'?: (string);
}

export interface UncordonNodeRequest__Output {
  'nodeId'?: (string);
}
