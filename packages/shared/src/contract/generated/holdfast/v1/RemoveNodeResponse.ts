// Original file: ../../proto/holdfast/v1/node.proto


export interface RemoveNodeResponse {
  'revision'?: (string);
}

export interface RemoveNodeResponse__Output {
  'revision'?: (string);
}
