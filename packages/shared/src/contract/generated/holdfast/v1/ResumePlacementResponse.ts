// Original file: ../../proto/holdfast/v1/cluster.proto


export interface ResumePlacementResponse {
  'revision'?: (string);
}

export interface ResumePlacementResponse__Output {
  'revision'?: (string);
}
