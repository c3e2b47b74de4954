// Original file: ../../proto/holdfast/v1/node.proto


export interface CordonNodeResponse {
  'revision'?: (string);
}

export interface CordonNodeResponse__Output {
  'revision'?: (string);
}
