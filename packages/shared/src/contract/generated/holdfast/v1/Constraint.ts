// Original file: ../../proto/holdfast/v1/task.proto


// Original file: ../../proto/holdfast/v1/task.proto

export const _holdfast_v1_Constraint_Operator = {
  OPERATOR_UNSPECIFIED: 'OPERATOR_UNSPECIFIED',
  OPERATOR_IN: 'OPERATOR_IN',
  OPERATOR_NOT_IN: 'OPERATOR_NOT_IN',
  OPERATOR_EXISTS: 'OPERATOR_EXISTS',
  OPERATOR_NOT_EXISTS: 'OPERATOR_NOT_EXISTS',
} as const;

export type _holdfast_v1_Constraint_Operator =
  | 'OPERATOR_UNSPECIFIED'
  | 0
  | 'OPERATOR_IN'
  | 1
  | 'OPERATOR_NOT_IN'
  | 2
  | 'OPERATOR_EXISTS'
  | 3
  | 'OPERATOR_NOT_EXISTS'
  | 4

export type _holdfast_v1_Constraint_Operator__Output = typeof _holdfast_v1_Constraint_Operator[keyof typeof _holdfast_v1_Constraint_Operator]

export interface Constraint {
  'key'?: (string);
  'operator'?: (_holdfast_v1_Constraint_Operator);
  'values'?: (string)[];
}

export interface Constraint__Output {
  'key'?: (string);
  'operator'?: (_holdfast_v1_Constraint_Operator__Output);
  'values'?: (string)[];
}
