// Original file: ../../proto/holdfast/v1/node.proto


export interface DrainNodeResponse {
  'revision'?: (string);
}

export interface DrainNodeResponse__Output {
  'revision'?: (string);
}
