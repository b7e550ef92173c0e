import { Card, Group, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'

/** A part of one's account: what it is, what it is for, and what can be done. */
export function Section({
  title,
  about,
  action,
  children,
}: {
  readonly title: string
  readonly about: string
  readonly action?: ReactNode
  readonly children: ReactNode
}) {
  return (
    <Card withBorder component="section" aria-label={title}>
      <Group justify="space-between" align="flex-start" gap="xs" mb="xs">
        <Title order={2} size="h5">
          {title}
        </Title>
        {action}
      </Group>
      <Text size="sm" c="dimmed" mb="sm">
        {about}
      </Text>
      {children}
    </Card>
  )
}
