import { Center, Group, Paper, Stack, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { Brand, ModeBadge } from '../app/brand.tsx'

/** The card on which people come in. */
export function Door({
  title,
  text,
  children,
}: {
  readonly title: string
  readonly text: ReactNode
  readonly children: ReactNode
}) {
  return (
    <Center mih="100vh" p="md" component="main">
      <Paper withBorder p="lg" w="100%" maw={420} radius="lg">
        <Stack gap="md">
          <Group justify="space-between">
            <Brand />
            <ModeBadge />
          </Group>
          <div>
            <Title order={1} size="h3">
              {title}
            </Title>
            <Text c="dimmed" size="sm" component="div">
              {text}
            </Text>
          </div>
          {children}
        </Stack>
      </Paper>
    </Center>
  )
}
