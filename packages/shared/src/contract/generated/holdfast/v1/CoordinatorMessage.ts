// Original file: ../../proto/holdfast/v1/agent.proto

import type { Welcome as _holdfast_v1_Welcome, Welcome__Output as _holdfast_v1_Welcome__Output } from '../../holdfast/v1/Welcome.ts';
import type { Orders as _holdfast_v1_Orders, Orders__Output as _holdfast_v1_Orders__Output } from '../../holdfast/v1/Orders.ts';
import type { Acknowledgements as _holdfast_v1_Acknowledgements, Acknowledgements__Output as _holdfast_v1_Acknowledgements__Output } from '../../holdfast/v1/Acknowledgements.ts';
import type { OutputRequest as _holdfast_v1_OutputRequest, OutputRequest__Output as _holdfast_v1_OutputRequest__Output } from '../../holdfast/v1/OutputRequest.ts';
import type { Echo as _holdfast_v1_Echo, Echo__Output as _holdfast_v1_Echo__Output } from '../../holdfast/v1/Echo.ts';
import type { Leading as _holdfast_v1_Leading, Leading__Output as _holdfast_v1_Leading__Output } from '../../holdfast/v1/Leading.ts';
import type { LeaseGrant as _holdfast_v1_LeaseGrant, LeaseGrant__Output as _holdfast_v1_LeaseGrant__Output } from '../../holdfast/v1/LeaseGrant.ts';

export interface CoordinatorMessage {
  'welcome'?: (_holdfast_v1_Welcome | null);
  'orders'?: (_holdfast_v1_Orders | null);
  'acknowledgements'?: (_holdfast_v1_Acknowledgements | null);
  'outputRequest'?: (_holdfast_v1_OutputRequest | null);
  'echo'?: (_holdfast_v1_Echo | null);
  'leading'?: (_holdfast_v1_Leading | null);
  'leaseGrant'?: (_holdfast_v1_LeaseGrant | null);
  'content'?: "welcome"|"orders"|"acknowledgements"|"outputRequest"|"echo"|"leading"|"leaseGrant";
}

export interface CoordinatorMessage__Output {
  'welcome'?: (_holdfast_v1_Welcome__Output);
  'orders'?: (_holdfast_v1_Orders__Output);
  'acknowledgements'?: (_holdfast_v1_Acknowledgements__Output);
  'outputRequest'?: (_holdfast_v1_OutputRequest__Output);
  'echo'?: (_holdfast_v1_Echo__Output);
  'leading'?: (_holdfast_v1_Leading__Output);
  'leaseGrant'?: (_holdfast_v1_LeaseGrant__Output);
  'content'?: "welcome"|"orders"|"acknowledgements"|"outputRequest"|"echo"|"leading"|"leaseGrant";
}
