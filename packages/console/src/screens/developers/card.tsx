import { Paper, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'

/** One thing to do in the sandbox, and what it is for. */
export function Card({
  title,
  about,
  children,
}: {
  readonly title: string
  readonly about: string
  readonly children: ReactNode
}) {
  return (
    <Paper withBorder p="md" component="section" aria-label={title}>
      <Title order={2} size="h4">
        {title}
      </Title>
      <Text size="sm" c="dimmed" mb="sm" maw="80ch">
        {about}
      </Text>
      {children}
    </Paper>
  )
}
