// Original file: ../../proto/holdfast/v1/node.proto


export interface ConfirmNodeDeadResponse {
  'revision'?: (string);
}

export interface ConfirmNodeDeadResponse__Output {
  'revision'?: (string);
}
