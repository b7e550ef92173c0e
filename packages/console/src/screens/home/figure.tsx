import { Card, Text, Tooltip } from '@mantine/core'

/** One number of the day: what it is, how much, of what. @param help  what the word means, for whoever points at it */
export function Figure({
  label,
  value,
  note,
  help,
}: {
  readonly label: string
  readonly value: string
  readonly note: string
  readonly help?: string
}) {
  return (
    <Card withBorder padding="sm">
      {help === undefined ? (
        <Text size="xs" c="dimmed">
          {label}
        </Text>
      ) : (
        <Tooltip label={help} multiline maw={260} events={{ hover: true, focus: true, touch: true }}>
          <Text size="xs" c="dimmed" td="underline dotted" tabIndex={0}>
            {label}
          </Text>
        </Tooltip>
      )}
      <Text fw={700} size="lg" className="tabular">
        {value}
      </Text>
      <Text size="xs" c="dimmed" className="tabular">
        {note}
      </Text>
    </Card>
  )
}
