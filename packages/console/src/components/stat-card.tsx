import { Paper, Text } from '@mantine/core'
import type { ReactNode } from 'react'

/** One figure and what it is. */
export function StatCard({
  label,
  value,
  hint,
}: {
  readonly label: string
  readonly value: ReactNode
  readonly hint?: ReactNode
}) {
  return (
    <Paper withBorder p="md" radius="md">
      <Text size="xs" c="dimmed">
        {label}
      </Text>
      <Text component="div" size="xl" fw={600} className="tabular">
        {value}
      </Text>
      {hint !== undefined && (
        <Text component="div" size="xs" c="dimmed">
          {hint}
        </Text>
      )}
    </Paper>
  )
}
