import { Center, Stack, Text, ThemeIcon, Title } from '@mantine/core'
import type { ComponentType, ReactNode } from 'react'

/** What is shown where there is nothing: what would be here, and how it comes to be here. */
export function EmptyState({
  icon: Icon,
  title,
  text,
  action,
}: {
  readonly icon: ComponentType<{ readonly size?: number }>
  readonly title: string
  readonly text: ReactNode
  readonly action?: ReactNode
}) {
  return (
    <Center py={48} px="md">
      <Stack align="center" gap="sm" maw={460} ta="center">
        <ThemeIcon size={56} radius="xl" variant="light" aria-hidden="true">
          <Icon size={28} />
        </ThemeIcon>
        <Title order={2} size="h4">
          {title}
        </Title>
        <Text c="dimmed" size="sm">
          {text}
        </Text>
        {action}
      </Stack>
    </Center>
  )
}
