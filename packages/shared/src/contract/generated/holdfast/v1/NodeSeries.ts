// Original file: ../../proto/holdfast/v1/node.proto


export interface NodeSeries {
  'metric'?: (string);
  'part'?: (string);
  'values'?: (number | string)[];
  'highest'?: (number | string)[];
}

export interface NodeSeries__Output {
  'metric'?: (string);
  'part'?: (string);
  'values'?: (number)[];
  'highest'?: (number)[];
}
