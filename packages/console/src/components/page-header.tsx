import { Box, Group, Stack, Text, Title } from '@mantine/core'
import { useDocumentTitle } from '@mantine/hooks'
import type { ReactNode } from 'react'

/** The head of a screen: its name (also the window's), one line about it, and what can be done on it. */
export function PageHeader({
  title,
  about,
  actions,
}: {
  readonly title: string
  readonly about?: ReactNode
  readonly actions?: ReactNode
}) {
  useDocumentTitle(`${title} · Turant`)
  return (
    <Group justify="space-between" align="flex-start" mb="md" gap="sm">
      <Stack gap={2} miw={0}>
        <Title order={1} size="h2" style={{ overflowWrap: 'anywhere' }}>
          {title}
        </Title>
        {about !== undefined && (
          <Text c="dimmed" size="sm" maw="70ch">
            {about}
          </Text>
        )}
      </Stack>
      {actions !== undefined && <Box className="noprint">{actions}</Box>}
    </Group>
  )
}
