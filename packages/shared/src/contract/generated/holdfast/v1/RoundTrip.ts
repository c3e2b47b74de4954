// Original file: ../../proto/holdfast/v1/node.proto


export interface RoundTrip {
  'coordinator'?: (string);
  'milliseconds'?: (number | string);
}

export interface RoundTrip__Output {
  'coordinator'?: (string);
  'milliseconds'?: (number);
}
