// Original file: ../../proto/holdfast/v1/node.proto


export interface InterfaceMetrics {
  'name'?: (string);
  'receivedBytes'?: (number | string);
  'sentBytes'?: (number | string);
  'errors'?: (number | string);
  'drops'?: (number | string);
}

export interface InterfaceMetrics__Output {
  'name'?: (string);
  'receivedBytes'?: (number);
  'sentBytes'?: (number);
  'errors'?: (number);
  'drops'?: (number);
}
