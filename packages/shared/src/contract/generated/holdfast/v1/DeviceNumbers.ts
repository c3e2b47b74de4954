// Original file: ../../proto/holdfast/v1/task.proto


export interface DeviceNumbers {
  'numbers'?: (number)[];
}

export interface DeviceNumbers__Output {
  'numbers'?: (number)[];
}
