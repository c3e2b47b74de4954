// Original file: ../../proto/holdfast/v1/cluster.proto


export interface PausePlacementResponse {
  'revision'?: (string);
}

export interface PausePlacementResponse__Output {
  'revision'?: (string);
}
