// Original file: ../../proto/holdfast/v1/task.proto


export interface NodeVerdict {
  'nodeId'?: (string);
  'fits'?: (boolean);
  'obstacles'?: (string)[];
}

export interface NodeVerdict__Output {
  'nodeId'?: (string);
  'fits'?: (boolean);
  'obstacles'?: (string)[];
}
