import { Button, FileButton, Progress, Stack, Text } from '@mantine/core'
import { IconUpload } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { Problem } from '../api/problem.ts'
import { ProblemAlert } from './problem-alert.tsx'

/**
 * Picks a file and sends it, with how far it is and what was wrong with it.
 * @param send  resolves when the hub has it @throws {Problem}
 */
export function FileUpload({
  label,
  sending,
  accept,
  send,
  onDone,
}: {
  readonly label: string
  /** What is said while it goes: "Sending". */
  readonly sending: string
  readonly accept?: string
  readonly send: (file: File, onProgress: (percent: number) => void) => Promise<unknown>
  readonly onDone: (answer: unknown) => void
}) {
  const [percent, setPercent] = useState(0)
  const sent = useMutation<unknown, Problem, File>({
    mutationFn: (file) => {
      setPercent(0)
      return send(file, setPercent)
    },
    onSuccess: onDone,
  })
  return (
    <Stack gap="xs">
      <FileButton onChange={(file) => file !== null && sent.mutate(file)} {...(accept === undefined ? {} : { accept })}>
        {(props) => (
          <Button {...props} leftSection={<IconUpload size={16} />} loading={sent.isPending} w="fit-content">
            {label}
          </Button>
        )}
      </FileButton>
      {sent.isPending && (
        <>
          <Progress.Root size="lg">
            <Progress.Section value={percent} aria-label={sending} />
          </Progress.Root>
          <Text size="xs" c="dimmed" role="status">
            {sending} {percent} %
          </Text>
        </>
      )}
      {sent.error instanceof Problem && <ProblemAlert problem={sent.error} />}
    </Stack>
  )
}
