// Original file: ../../proto/holdfast/v1/node.proto


export interface UncordonNodeResponse {
  'revision'?: (string);
}

export interface UncordonNodeResponse__Output {
  'revision'?: (string);
}
