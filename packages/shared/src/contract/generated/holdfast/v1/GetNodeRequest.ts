// Original file: ../../proto/holdfast/v1/node.proto


export interface GetNodeRequest {
  'nodeId'?: (string);
  'minRevision'?: (string);
}

export interface GetNodeRequest__Output {
  'nodeId'?: (string);
  'minRevision'?: (string);
}
