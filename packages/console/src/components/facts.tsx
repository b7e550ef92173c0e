import { Box, SimpleGrid, Text } from '@mantine/core'
import type { ReactNode } from 'react'

/** What is known of one thing, each with its name: a list of terms and their values, in columns where there is room. */
export function Facts({
  items,
  columns = 3,
}: {
  readonly items: readonly (readonly [label: string, value: ReactNode])[]
  readonly columns?: number
}) {
  return (
    <SimpleGrid component="dl" cols={{ base: 1, xs: 2, md: columns }} spacing="md" verticalSpacing="sm" m={0}>
      {items.map(([label, value]) => (
        <Box key={label} miw={0}>
          <Text component="dt" size="xs" c="dimmed">
            {label}
          </Text>
          <Box component="dd" m={0} style={{ overflowWrap: 'anywhere' }}>
            {value}
          </Box>
        </Box>
      ))}
    </SimpleGrid>
  )
}
