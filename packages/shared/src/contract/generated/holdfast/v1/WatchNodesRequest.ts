// Original file: ../../proto/holdfast/v1/node.proto


export interface WatchNodesRequest {
  'nodeId'?: (string);
}

export interface WatchNodesRequest__Output {
  'nodeId'?: (string);
}
