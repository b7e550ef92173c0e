import { Radio, Stack, Textarea, TextInput } from '@mantine/core'
import type { ComponentProps, ReactNode } from 'react'

/** Where what shows it is, and what it says: the end of every form by which people say what became of something. */
export function EvidenceFields({
  words,
  reference,
  note,
}: {
  readonly words: { readonly reference: string; readonly referenceHelp: string; readonly note: string }
  readonly reference: ComponentProps<typeof TextInput>
  readonly note: ComponentProps<typeof Textarea>
}) {
  return (
    <>
      <TextInput
        label={words.reference}
        description={words.referenceHelp}
        withAsterisk
        maxLength={100}
        {...reference}
      />
      <Textarea label={words.note} autosize minRows={2} maxLength={1000} {...note} />
    </>
  )
}

/** The evidence as the API takes it: what was not said is not there. */
export const evidenceOf = ({ reference, note }: { readonly reference: string; readonly note: string }) => ({
  reference: reference.trim(),
  ...(note.trim() === '' ? {} : { note: note.trim() }),
})

/** One of a few things that can be so, each with what it means. */
export function Choices<T extends string>({
  choices,
  ...group
}: Omit<ComponentProps<typeof Radio.Group>, 'children' | 'onChange'> & {
  readonly choices: readonly { readonly value: T; readonly label: string; readonly description: ReactNode }[]
  readonly onChange: (value: T) => void
}) {
  const { onChange, ...rest } = group
  return (
    <Radio.Group
      {...rest}
      onChange={(chosen) => {
        const found = choices.find(({ value }) => value === chosen)
        if (found !== undefined) onChange(found.value)
      }}
    >
      <Stack gap="xs" mt="xs">
        {choices.map((one) => (
          <Radio key={one.value} {...one} />
        ))}
      </Stack>
    </Radio.Group>
  )
}
