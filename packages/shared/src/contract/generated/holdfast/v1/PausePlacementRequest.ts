// Original file: ../../proto/holdfast/v1/cluster.proto


export interface PausePlacementRequest {
  'reason'?: (string);
}

export interface PausePlacementRequest__Output {
  'reason'?: (string);
}
