// Original file: ../../proto/holdfast/v1/node.proto

export const Health = {
  HEALTH_UNSPECIFIED: 'HEALTH_UNSPECIFIED',
  HEALTH_HEALTHY: 'HEALTH_HEALTHY',
  HEALTH_DEGRADED: 'HEALTH_DEGRADED',
  HEALTH_UNHEALTHY: 'HEALTH_UNHEALTHY',
  HEALTH_UNKNOWN: 'HEALTH_UNKNOWN',
} as const;

export type Health =
  | 'HEALTH_UNSPECIFIED'
  | 0
  | 'HEALTH_HEALTHY'
  | 1
  | 'HEALTH_DEGRADED'
  | 2
  | 'HEALTH_UNHEALTHY'
  | 3
  | 'HEALTH_UNKNOWN'
  | 4

export type Health__Output = typeof Health[keyof typeof Health]
